import { type Document, type Table, tablesOf } from '../compose/document.ts';
import { exactText, plainText } from '../compose/present.ts';
import { readCsv } from './csv-read.ts';
import { openFindings, type Renderer, type Verdict } from './renderer.ts';

/**
 * RFC 4180, CRLF, UTF-8 with a byte order mark: these files are opened by a double click, and Excel reads them as UTF-8 only
 * with one (programs have json). Numbers exact and unrounded, dates as ISO, unknown empty. Of several tables each row
 * begins with its table's name, and the columns are those of all tables together, so that the file stays one rectangle.
 */
export function openCsv(): Renderer {
  return {
    async render(document, { signal }) {
      signal.throwIfAborted();
      const bytes = new TextEncoder().encode(`\ufeff${linesOf(document).map(lineOf).join('')}`);
      return { kind: 'rendered', file: { bytes, mediaType: 'text/csv; charset=utf-8', extension: 'csv' } };
    },
    verify: async (file, document) => verifyCsv(file.bytes, document),
  };
}

/** Header and rows as plain texts. */
function linesOf(document: Document): readonly (readonly string[])[] {
  const tables = tablesOf(document).filter((table) => table.role === 'data');
  const many = tables.length > 1;
  const names = [...new Set(tables.flatMap((table) => table.columns.map((column) => column.name)))];
  const rows = tables.flatMap((table) =>
    table.rows.map((_, row) => [...(many ? [table.name] : []), ...names.map((name) => cellText(table, row, name))]),
  );
  return [many ? ['table', ...names] : names, ...rows];
}

function cellText(table: Table, row: number, name: string): string {
  const at = table.columns.findIndex((column) => column.name === name);
  const column = table.columns[at];
  if (column === undefined) return '';
  const text = exactText(table.rows[row]?.[at] ?? null, column.rule) ?? '';
  return column.rule.kind === 'text' ? harmless(plainText(text)) : text;
}

/** Text that a spreadsheet would take for a formula gets an apostrophe in front; so it is shown and never computed. */
const harmless = (text: string) => (/^[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text);

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const lineOf = (cells: readonly string[]) => `${cells.map(quoted).join(',')}\r\n`;

function verifyCsv(bytes: Uint8Array, document: Document): Verdict {
  const findings = openFindings(document, 'csv');
  const found = readCsv(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  const expected = linesOf(document);
  if (found.length !== expected.length) findings.say('row-count', `has ${found.length} lines, not ${expected.length}`);
  for (const [line, cells] of expected.entries()) {
    const row = found[line] ?? [];
    if (row.length !== cells.length)
      findings.say('cell-count', `line ${line + 1}: ${row.length} cells, not ${cells.length}`);
    for (const [column, text] of cells.entries())
      if (row[column] !== text)
        findings.say('wrong-cell', `line ${line + 1}, column ${column + 1}: "${row[column]}", not "${text}"`);
  }
  return findings.verdict();
}

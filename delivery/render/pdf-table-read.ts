import type { PageTable } from './page-table.ts';
import type { Line } from './pdf-lines.ts';
import { type CellReading, comparable, readRow, textOf } from './pdf-rows.ts';
import type { Findings } from './renderer.ts';

/** The line a table begins at, from a line on: its title with its header below, since charts and texts may say the same words; -1 when nothing has its title. */
export function findTable(lines: readonly Line[], from: number, table: PageTable): number {
  const title = comparable(table.title);
  const named = lines.flatMap((line, at) => (at >= from && comparable(textOf(line)) === title ? [at] : []));
  return named.find((at) => readHeader(lines, at, table) !== undefined) ?? named[0] ?? -1;
}

/**
 * Reads a table from its title on and compares it row by row; on each new page title and header must stand again. Returns
 * the line after it, or the first that differs: what follows that is shifted, and would only repeat the finding.
 */
export function readTable(lines: readonly Line[], from: number, table: PageTable, findings: Findings): number {
  const say = (code: string, message: string) => findings.say(code, `table ${table.title}: ${message}`);
  const header = readHeader(lines, from, table);
  if (header === undefined) {
    say('wrong-header', `its header cannot be read at "${textOf(lines[from + 1])}"`);
    return from + 1;
  }
  let { next: at, edges } = header;
  let page = lines[from]?.page;
  const rows = table.rows.length === 0 ? [] : [...table.rows, ...table.totals];
  if (rows.length === 0 && comparable(textOf(lines[at++])) !== comparable(table.noRows))
    say('row-count', 'does not say that it is empty');
  for (const [index, row] of rows.entries()) {
    const line = lines[at];
    if (line === undefined) {
      say('row-count', `ends after ${index} of ${rows.length} lines`);
      return at;
    }
    if (line.page !== page) {
      page = line.page;
      const again = readHeader(lines, at, table);
      if (again === undefined) say('header-not-repeated', `page ${page} begins without its header`);
      else ({ next: at, edges } = again);
    }
    const cells = row.map(({ text }, column) => readingOf(text, table.columns[column]?.align ?? 'left', edges[column]));
    const reading = readRow(lines, at, cells);
    if (reading.kind === 'read') {
      at = reading.next;
      continue;
    }
    say(
      'wrong-row',
      `row ${index + 1}: "${reading.found}" ${reading.why}; it should be "${row.map(({ text }) => text).join(' ')}"`,
    );
    return at;
  }
  return at;
}

/** Reads title and header; gives the edge each column keeps to. */
function readHeader(lines: readonly Line[], from: number, table: PageTable) {
  const title = [readingOf(table.title, 'left', undefined)];
  const first = readRow(lines, from, title);
  if (first.kind !== 'read') return undefined;
  const cells = table.columns.map(({ title: words, unit, align }) =>
    readingOf(`${words}${unit ?? ''}`, align, undefined),
  );
  const reading = readRow(lines, first.next, cells);
  return reading.kind === 'read' ? { next: reading.next, edges: cells.map(({ edge }) => edge) } : undefined;
}

const readingOf = (text: string, align: CellReading['align'], edge: number | undefined): CellReading => ({
  rest: comparable(text),
  align,
  edge,
});

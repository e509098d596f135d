import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { openCsv } from './csv.ts';

/** A line of a CSV file whose number of fields is not that of the headings. */
export interface MisshapenRow {
  readonly line: number;
  readonly text: string;
  readonly fields: number;
}

interface ParsedRow {
  readonly info: { readonly lines: number };
  readonly raw: string;
  readonly record: readonly (string | null)[];
}

/**
 * The rows of a CSV file as CSV text again, without headings, each with the line of the file it ends on as a first field.
 * Rows of another number of fields are handed to `misshapen` instead.
 */
export function numberedRows(path: string, fields: number, misshapen: (row: MisshapenRow) => void): Readable {
  async function* lines(): AsyncGenerator<string> {
    const text = openCsv(path);
    const parser = parse({
      bom: true,
      relax_column_count: true,
      info: true,
      raw: true,
      // What is empty without quotes is null, as COPY has it.
      cast: (value, { quoting }) => (value === '' && !quoting ? null : value),
    });
    text.on('error', (error) => parser.destroy(error));
    let headings = true;
    try {
      for await (const row of text.pipe(parser)) {
        const { info, raw, record } = row as unknown as ParsedRow;
        if (headings) headings = false;
        else if (record.length !== fields) {
          misshapen({ line: info.lines, text: raw.trimEnd(), fields: record.length });
        } else {
          yield `${info.lines},${record.map(quoted).join(',')}\n`;
        }
      }
    } finally {
      text.destroy();
    }
  }
  return Readable.from(lines());
}

function quoted(field: string | null): string {
  return field === null ? '' : `"${field.replaceAll('"', '""')}"`;
}

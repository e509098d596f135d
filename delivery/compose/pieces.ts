import type { Format } from '../report/schema.ts';
import { type Block, type Document, type Table, tablesOf } from './document.ts';
import { showNumber } from './number.ts';
import { phrasesOf } from './phrases.ts';

/** A document of some of the rows of another. */
export interface Piece {
  readonly document: Document;
  /** Which it is: `part 2 of 3`. */
  readonly part: string;
}

/**
 * Divides a document for files that would be too large: the rows of its tables, in their order, into so many parts, or as
 * many as there are rows; of a format with pages the rows that pages show. The first has all that is no table, the last
 * notes and totals, which are of all rows. Together they have every row once. A picture is not divided.
 */
export function piecesOf(document: Document, into: number, format: Format): readonly Piece[] {
  if (format === 'png') return [{ document, part: '' }];
  const pages = format === 'pdf' || format === 'html';
  const sizeOf = (table: Table) => (isData(table) ? (pages ? table.shown : table.rows.length) : 0);
  const all = tablesOf(document).reduce((sum, table) => sum + sizeOf(table), 0);
  const count = Math.max(1, Math.min(into, all));
  const show = (number: number) => showNumber(String(number), { decimals: 0 }, document.locale);
  const { headline, ...rest } = document;
  return Array.from({ length: count }, (_, index) => {
    const first = index === 0;
    const from = Math.round((all * index) / count);
    const until = Math.round((all * (index + 1)) / count);
    let before = 0;
    const blocks = document.blocks.flatMap((block): Block[] => {
      if (block.kind !== 'table' || !isData(block.table)) return first ? [block] : [];
      const size = sizeOf(block.table);
      const [start, end] = [from, until].map((cut) => Math.min(Math.max(cut - before, 0), size)) as [number, number];
      before += size;
      const absent = start === end && !(first && size === 0);
      // Files of bare rows have the same columns in every part, whichever tables their rows are of.
      if (absent && format !== 'csv' && format !== 'json') return [];
      const totals = end === size && !absent ? block.table.totals.filter(({ kind }) => pages || kind === 'all') : [];
      return [{ ...block, table: { ...rowsOf(block.table, start, end), totals } }];
    });
    const part = phrasesOf(document.locale).part(show(index + 1), show(count));
    const head = first && headline !== undefined ? { headline } : {};
    const notes = index === count - 1 ? document.notes : [];
    const figures = first ? document.figures : {};
    return { document: { ...rest, ...head, title: `${document.title}, ${part}`, figures, blocks, notes }, part };
  });
}

const isData = (table: Table) => table.role === 'data';

function rowsOf(table: Table, start: number, end: number): Table {
  const rows = table.rows.slice(start, end);
  const groups = table.groups.flatMap((row) => (row > start && row < end ? [row - start] : []));
  return { ...table, rows, shown: rows.length, groups, whole: { shown: table.shown, rows: table.rows.length } };
}

import { describe, expect, test } from 'vitest';
import type { Format } from '../report/schema.ts';
import { type Document, tablesOf } from './document.ts';
import { madeUpDocument } from './made-up.ts';
import { piecesOf } from './pieces.ts';

const data = (document: Document) => tablesOf(document).filter(({ role }) => role === 'data');

/** Each table's rows by its name, those of all pieces one after the other. */
function together(pieces: readonly Document[]): Record<string, unknown[]> {
  const rows: Record<string, unknown[]> = {};
  for (const table of pieces.flatMap(data)) rows[table.name] = [...(rows[table.name] ?? []), ...table.rows];
  return rows;
}

const shapes = [
  { seed: 1, stores: 60, categories: 5, brands: 40, products: 0 },
  { seed: 2, stores: 1, categories: 1, brands: 1, products: 300 },
  { seed: 3, stores: 7, categories: 0, brands: 90, products: 33 },
];

describe.each(['csv', 'json', 'xlsx', 'pdf', 'html'] as Format[])('pieces of a %s', (format) => {
  test.each(shapes)('have every row once, in order, and what is no row once: %o', async (shape) => {
    const document = await madeUpDocument(shape);
    const pages = format === 'pdf' || format === 'html';
    const wanted = data(document).map((table) => [table.name, pages ? table.rows.slice(0, table.shown) : table.rows]);
    for (const into of [1, 2, 3, 7, 1_000]) {
      const pieces = piecesOf(document, into, format).map((piece) => piece.document);
      const rows = together(pieces);
      expect(wanted.map(([name]) => [name, rows[String(name)] ?? []])).toEqual(wanted);
      const sizes = pieces.map((piece) => data(piece).reduce((sum, { rows: own }) => sum + own.length, 0));
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      expect(pieces.length).toBeLessThanOrEqual(into);
      expect(pieces.filter(({ headline }) => headline !== undefined)).toHaveLength(1);
      expect(pieces.at(-1)?.notes).toEqual(document.notes);
      const totals = pieces.flatMap(data).flatMap((table) => table.totals.map((line) => line.cells));
      const all = data(document).flatMap((table) =>
        table.totals.filter(({ kind }) => pages || kind === 'all').map((line) => line.cells),
      );
      expect(totals).toEqual(all);
    }
  });
});

test('each says which it is, in its own language; a picture stays whole', async () => {
  const document = await madeUpDocument({ stores: 9, categories: 0, brands: 0, products: 0 });
  expect(piecesOf(document, 3, 'csv').map((piece) => piece.document.title)).toEqual([
    `${document.title}, part 1 of 3`,
    `${document.title}, part 2 of 3`,
    `${document.title}, part 3 of 3`,
  ]);
  expect(piecesOf({ ...document, locale: 'mr-IN-u-nu-deva' }, 3, 'csv').at(-1)?.part).toBe('३ पैकी भाग ३');
  expect(piecesOf(document, 3, 'png')).toEqual([{ document, part: '' }]);
});

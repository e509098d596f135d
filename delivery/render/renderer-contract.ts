import { describe, expect, test } from 'vitest';
import type { Block, Document, Figure, Table } from '../compose/document.ts';
import { type MadeUp, madeUpDocument } from '../compose/made-up.ts';
import type { Cell } from '../query/dataset.ts';
import type { RenderedFile, Renderer } from './renderer.ts';

const signal = new AbortController().signal;
const small: MadeUp = { stores: 8, categories: 3, brands: 22, products: 27 };
const hostile = [
  "O'BRIEN & SONS #3 <Ames> =cmd|' /C calc'!A0",
  '=1+1',
  '"quoted", &amp; <b>bold</b>',
  'two\r\nlines\t',
  'x'.repeat(90),
];

async function drawn(renderer: Renderer, document: Document): Promise<RenderedFile> {
  const rendered = await renderer.render(document, { signal });
  if (rendered.kind !== 'rendered') throw new Error(rendered.reason);
  return rendered.file;
}

/** What every renderer of figures keeps: right files pass, and a file that is wrong by one figure does not. */
export function rendererContract(name: string, renderer: Renderer, says: 'rows' | 'rows and figures'): void {
  const check = async (document: Document) => renderer.verify(await drawn(renderer, document), document);
  /** Draws a document with a mistake in it and holds it against the one without. */
  const caught = async (document: Document, mistake: (document: Document) => Document) => {
    const wrong = mistake(document);
    expect(wrong).not.toEqual(document);
    return renderer.verify(await drawn(renderer, wrong), document);
  };

  describe(`${name} keeps the contract of renderers`, () => {
    test('the same document gives the same bytes, and they are right', async () => {
      const document = await madeUpDocument(small);
      const [first, second] = [await drawn(renderer, document), await drawn(renderer, document)];
      expect(Buffer.compare(first.bytes, second.bytes)).toBe(0);
      expect(await renderer.verify(first, document)).toEqual({ kind: 'right' });
    });

    test.each<[string, MadeUp]>([
      ['no rows (metabase 39178)', { stores: 0, categories: 0, brands: 0, products: 0 }],
      ['one row', { stores: 1, categories: 1, brands: 1, products: 1 }],
      ['names that mean harm', { ...small, names: hostile }],
      ['a name in two scripts', { ...small, names: ['Asha Verma (आशा वर्मा)', 'પ્રિયા Shah / प्रिया शाह'] }],
      ['names in three scripts', { ...small, names: ['हिन्दी दुकान कर्ज़ / क्षत्रिय', 'ગુજરાતી દુકાન', 'Café Ångström'] }],
    ])('%s', async (_, made) => expect(await check(await madeUpDocument(made))).toEqual({ kind: 'right' }));

    test('nothing known: null in every column but the name (metabase 39178)', async () => {
      const document = inTable(await madeUpDocument(small), 'stores', (table) => ({
        ...table,
        rows: table.rows.map((row) => row.map((cell, at): Cell => (at === 0 ? cell : null))),
      }));
      expect(await check(document)).toEqual({ kind: 'right' });
    });

    test('amounts below zero, and with more digits than a spreadsheet has', async () => {
      const amounts = ['-0.01', '-987654321098765.43', '9999999999999999.99', '0.00', '-5', '12345678901234.56'];
      const document = inTable(await madeUpDocument(small), 'stores', (table) => ({
        ...table,
        rows: table.rows.map((row, at) => row.map((cell, column) => (column === 2 ? (amounts[at % 6] ?? cell) : cell))),
      }));
      expect(await check(document)).toEqual({ kind: 'right' });
      const other = (table: Table): Table => ({
        ...table,
        rows: table.rows.map((row) => row.map((cell) => (cell === amounts[2] ? '9999999999999998.99' : cell))),
      });
      expect((await caught(document, (one) => inTable(one, 'stores', other))).kind).toBe('wrong');
    });

    test.each<[string, (table: Table) => Table]>([
      ['a dropped row', (table) => ({ ...table, rows: table.rows.toSpliced(3, 1) })],
      ['the last row dropped', (table) => ({ ...table, rows: table.rows.slice(0, -1) })],
      ['a row twice', (table) => ({ ...table, rows: table.rows.toSpliced(3, 0, table.rows[3] ?? []) })],
      ['two rows exchanged', (table) => ({ ...table, rows: exchanged(table.rows, 1, 2) })],
      ['two columns exchanged', (table) => ({ ...table, rows: table.rows.map((row) => exchanged(row, 4, 5)) })],
      [
        'a figure shifted',
        (table) => ({ ...table, rows: table.rows.map((row, at) => (at === 4 ? exchanged(row, 1, 2) : row)) }),
      ],
      ['a digit', (table) => ({ ...table, rows: table.rows.map((row, at) => (at === 5 ? withDigit(row, 5) : row)) })],
    ])('%s is noticed', async (_, mistake) => {
      const verdict = await caught(await madeUpDocument(small), (document) => inTable(document, 'stores', mistake));
      expect(verdict.kind).toBe('wrong');
      if (verdict.kind === 'wrong') expect(verdict.problems[0]?.message).toMatch(/stores|line/i);
    });

    test.runIf(says === 'rows and figures')('another total, headline or tile is noticed', async () => {
      const document = await madeUpDocument(small);
      const total = (table: Table): Table => ({
        ...table,
        totals: table.totals.map((line) => ({ ...line, cells: withDigit(line.cells, 4) })),
      });
      const figure = (one: Figure): Figure => ({ ...one, value: String(one.value).replace(/\d/, '1$&') });
      const headline = ({ headline: old, ...rest }: Document): Document =>
        old ? { ...rest, headline: { ...old, figure: figure(old.figure) } } : rest;
      const tile = (one: Document): Document => ({
        ...one,
        blocks: one.blocks.map((block) =>
          block.kind === 'kpis'
            ? {
                ...block,
                tiles: block.tiles.map((old, at) => (at === 1 ? { ...old, figure: figure(old.figure) } : old)),
              }
            : block,
        ),
      });
      for (const mistake of [(one: Document) => inTable(one, 'stores', total), headline, tile])
        expect((await caught(document, mistake)).kind).toBe('wrong');
    });

    test('an aborted signal stops it', async () => {
      const document = await madeUpDocument(small);
      const gone = AbortSignal.abort(new Error('stop'));
      await expect(renderer.render(document, { signal: gone })).rejects.toThrow('stop');
    });
  });
}

/** A document with one of its tables changed. */
export function inTable(document: Document, name: string, change: (table: Table) => Table): Document {
  const changed = (block: Block): Block =>
    block.kind === 'table' && block.table.name === name ? { ...block, table: change(block.table) } : block;
  return { ...document, blocks: document.blocks.map(changed) };
}

function exchanged<T>(list: readonly T[], a: number, b: number): readonly T[] {
  return list.map((one, at) => (at === a ? (list[b] ?? one) : at === b ? (list[a] ?? one) : one));
}

const withDigit = (row: readonly Cell[], at: number) =>
  row.map((cell, column) => (column === at ? String(cell).replace(/\d/, '1$&') : cell));

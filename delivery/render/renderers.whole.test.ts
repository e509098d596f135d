import ExcelJS from 'exceljs';
import { afterAll, expect, test } from 'vitest';
import type { Document } from '../compose/document.ts';
import { madeUpDocument } from '../compose/made-up.ts';
import { formats } from '../report/schema.ts';
import { readPng, writePng } from './png-bytes.ts';
import { inTable } from './renderer-contract.ts';
import { openRenderers } from './renderers.ts';

const signal = new AbortController().signal;
const room = openRenderers();
afterAll(() => room[Symbol.asyncDispose]());
const names = [
  "O'BRIEN & SONS #3 <Ames> =cmd|' /C calc'!A0",
  'हिन्दी दुकान कर्ज़ / क्षत्रिय',
  'ગુજરાતી દુકાન',
  'Asha Verma (आशा वर्मा)',
];

async function pictureOf(made: Parameters<typeof madeUpDocument>[0]) {
  const making = await room.make('png', await madeUpDocument(made), signal);
  if (making.kind !== 'made') throw new Error(JSON.stringify(making));
  return making.file.bytes;
}

test('the picture fits a messenger, and the same document gives the same bytes', async () => {
  const bytes = await pictureOf({ names });
  expect(bytes.length).toBeLessThan(300 * 1024);
  const { width, height } = readPng(bytes);
  expect(width).toBe(2160);
  expect(height).toBeLessThanOrEqual(3200);
  expect(Buffer.compare(bytes, await pictureOf({ names }))).toBe(0);
});

test.each([{ stores: 0, categories: 0, brands: 0, products: 0 }, { stores: 1 }])('a picture of %o', async (made) => {
  expect(readPng(await pictureOf(made)).width).toBe(2160);
});

test('figures in crore fit; rows give way to height', async () => {
  const document = await madeUpDocument({ names }, { vars: { currency: 'INR' }, test: true });
  const large: Document = JSON.parse(JSON.stringify(document), (key, value) =>
    key === 'value' && /^\d+\.\d\d$/.test(value) ? `987${value}` : value,
  );
  // A chart's points belong to its scale.
  const blocks = large.blocks.map((block, at) => (block.kind === 'chart' ? (document.blocks[at] ?? block) : block));
  const title = `${large.title} of the whole country, west to east`;
  const making = await room.make('png', { ...large, blocks, title }, signal);
  expect(making.kind).toBe('made');
});

test('a blank picture and one of another size do not pass', async () => {
  const document = await madeUpDocument();
  const blank = (width: number) => writePng({ width, height: 800, rgb: new Uint8Array(width * 800 * 3).fill(255) });
  const verdict = (bytes: Uint8Array) =>
    room.renderers.png.verify({ bytes, mediaType: 'image/png', extension: 'png' }, document);
  expect(await verdict(blank(2160))).toMatchObject({ kind: 'wrong', problems: [{ code: 'blank' }] });
  expect(await verdict(blank(1080))).toMatchObject({ problems: [{ code: 'wrong-size' }, { code: 'blank' }] });
  expect(await verdict((await pictureOf({ stores: 3 })).slice(0, 5000))).toMatchObject({ kind: 'wrong' });
});

test('pictures drawn at once share one browser, and one that is given up leaves the others alone', async () => {
  const document = await madeUpDocument({ stores: 3 });
  const gone = new AbortController();
  const stopped = room.make('png', document, gone.signal);
  const others = [room.make('png', document, signal), room.make('png', document, signal)];
  gone.abort(new Error('no longer wanted'));
  await expect(stopped).rejects.toThrow('no longer wanted');
  expect((await Promise.all(others)).map(({ kind }) => kind)).toEqual(['made', 'made']);
});

test('every format takes 20,000 rows, on pages, too', async () => {
  const made = await madeUpDocument({ stores: 20_000, categories: 2, brands: 2, products: 2, names });
  const document = inTable(made, 'stores', (table) => ({
    ...table,
    shown: table.rows.length,
    totals: table.totals.slice(-1),
  }));
  for (const format of formats)
    expect([format, (await room.make(format, document, signal)).kind]).toEqual([format, 'made']);
});

test('what no font of ours has is exact where the reader has fonts, and stops the page and the picture', async () => {
  const unusual = ['مخزن القمر', 'חנות הירח', 'Party \u{1f600} \u{1f468}\u200d\u{1f469}\u200d\u{1f467} Shop'];
  const document = await madeUpDocument({ stores: 3, names: unusual });
  for (const format of ['html', 'xlsx', 'csv', 'json'] as const) {
    const making = await room.make(format, document, signal);
    if (making.kind !== 'made') throw new Error(JSON.stringify(making));
    const text = await textIn(format, making.file.bytes);
    for (const name of unusual) expect(text.includes(name), `${name} in ${format}`).toBe(true);
  }
  for (const format of ['pdf', 'png'] as const)
    await expect(room.make(format, document, signal)).rejects.toMatchObject({
      code: 'failed',
      problems: unusual.map((name) => ({
        file: `daily_sales.${format}`,
        code: 'missing-glyph',
        message: expect.stringMatching(new RegExp(`U\\+[0-9A-F]{4,5}.*: "${name}"`, 'u')),
      })),
    });
});

async function textIn(format: 'html' | 'xlsx' | 'csv' | 'json', bytes: Uint8Array): Promise<string> {
  if (format !== 'xlsx') return new TextDecoder().decode(bytes);
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(new Uint8Array(bytes).buffer);
  return book.worksheets.map((sheet) => JSON.stringify(sheet.getSheetValues())).join('\n');
}

import { afterAll, expect, test } from 'vitest';
import type { Document } from '../compose/document.ts';
import { madeUpDocument } from '../compose/made-up.ts';
import { formats } from '../report/schema.ts';
import { readPng, writePng } from './png-bytes.ts';
import { openRenderers } from './renderers.ts';

const signal = new AbortController().signal;
const room = openRenderers();
afterAll(() => room[Symbol.asyncDispose]());
const names = ["O'BRIEN & SONS #3 <Ames> =cmd|' /C calc'!A0", 'हिन्दी दुकान कर्ज़ / क्षत्रिय', 'ગુજરાતી દુકાન'];

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
  const making = await room.make(
    'png',
    { ...large, title: `${large.title} of the whole country, west to east` },
    signal,
  );
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

test('every format takes 3,000 rows', async () => {
  const document = await madeUpDocument({ stores: 3000, names });
  for (const format of formats)
    expect([format, (await room.make(format, document, signal)).kind]).toEqual([format, 'made']);
});

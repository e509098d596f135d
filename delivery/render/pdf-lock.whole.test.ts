import { expect, test } from 'vitest';
import { madeUpDocument } from '../compose/made-up.ts';
import { makeWith } from './making.ts';
import { openPdf } from './pdf.ts';
import { readPdf } from './pdf-read.ts';
import { readPdfAgain } from './pdf-second-read.ts';

const signal = new AbortController().signal;
const pdf = openPdf();
const open = await madeUpDocument({ stores: 6, names: ['हिन्दी दुकान'] });
const locked = { ...open, password: '31011990é' };

async function bytesOf(document: typeof locked | typeof open): Promise<Uint8Array> {
  const making = await makeWith(pdf, document, signal);
  if (making.kind !== 'made') throw new Error(JSON.stringify(making));
  return making.file.bytes;
}

test('a locked file opens with its password only, for both readers, and says the same', async () => {
  const [bytes, plain] = [await bytesOf(locked), await bytesOf(open)];
  expect(readPdf(bytes, locked.password).lines).toEqual(readPdf(plain).lines);
  expect((await readPdfAgain(bytes, locked.password)).title).toBe(readPdf(plain).title);
  for (const wrong of [undefined, '', '31011991é']) {
    expect(() => readPdf(bytes, wrong)).toThrow();
    await expect(readPdfAgain(bytes, wrong)).rejects.toThrow(/password/i);
  }
  expect(Buffer.from(bytes).includes('Daily sales')).toBe(false);
});

test('a file that should be locked and is not does not leave', async () => {
  const file = { bytes: await bytesOf(open), mediaType: 'application/pdf', extension: 'pdf' };
  expect(await pdf.verify(file, locked)).toMatchObject({ kind: 'wrong', problems: [{ message: 'it is not locked' }] });
});

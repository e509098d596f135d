import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSync } from 'fontkit';
import { expect, test } from 'vitest';
import type { Chart, Document } from '../compose/document.ts';
import { madeUpDocument } from '../compose/made-up.ts';
import { fontPath, missingGlyph } from './fonts.ts';
import { crashingGujarati, hardDevanagari, hardGujarati, madeUpNames, mixed } from './made-up-scripts.ts';
import { makeWith } from './making.ts';
import { openPdf } from './pdf.ts';
import { readPdf } from './pdf-read.ts';
import { comparable, textOf } from './pdf-rows.ts';

const signal = new AbortController().signal;
const hard = [...hardDevanagari, ...hardGujarati, ...crashingGujarati, ...mixed];

/** A document that says these texts, one a paragraph. */
async function linesDrawn(texts: readonly string[]): Promise<Uint8Array> {
  const { headline: _, ...document } = await madeUpDocument({ stores: 1 });
  const paragraphs = texts.map((text) => ({ kind: 'paragraph' as const, text }));
  const rendered = await openPdf().render(
    { ...document, blocks: [{ kind: 'text', paragraphs }], notes: [] },
    { signal },
  );
  if (rendered.kind !== 'rendered') throw new Error(rendered.reason);
  return rendered.file.bytes;
}

/** The lines between title and footer, as our reader finds them. */
async function linesRead(bytes: Uint8Array, count: number): Promise<readonly string[]> {
  const { lines } = await readPdf(bytes);
  const words = lines.map(textOf).filter((line) => !/page\d+of\d+$/.test(line));
  return words.slice(2, count + 2);
}

test('each text is read back as it was written, sign by sign', async () => {
  const bytes = await linesDrawn(hard);
  const read = await linesRead(bytes, hard.length);
  expect(read.map(comparable)).toEqual(hard.map(comparable));
});

test('names in a chart are shaped, marks that are raised among them', async () => {
  const labels = ['हिन्दी दुकान', 'द्रुपद', 'घ़ु', 'ગુજરાતી', 'Fareway'];
  const sample = await madeUpDocument({ stores: 1 });
  const [block] = sample.blocks.filter(({ kind }) => kind === 'chart');
  if (block?.kind !== 'chart') throw new Error('the sample has no chart');
  const points = labels.map((label, at) => ({ at: label, label, value: String(at + 1), ticked: true }));
  const { band: __, ...plain } = block.chart;
  const chart: Chart = { ...plain, kind: 'bar', across: 'names', title: 'T', points, scale: [] };
  const { headline: _, ...rest } = sample;
  const document: Document = { ...rest, blocks: [{ kind: 'chart', chart }], notes: [] };
  const making = await makeWith(openPdf(), document, signal);
  if (making.kind !== 'made') throw new Error(JSON.stringify(making));
  const read = readPdf(making.file.bytes).lines.map(textOf).join(' ');
  for (const label of labels) expect(comparable(read)).toContain(comparable(label));
});

const hasPoppler = existsSync('/usr/bin/pdftotext');
test.skipIf(!hasPoppler)('another reader reads the same', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tiffin-scripts-'));
  try {
    const path = join(folder, 'hard.pdf');
    writeFileSync(path, await linesDrawn(hard));
    const text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });
    const lines = text.split('\n').map((line) => line.trim());
    for (const one of hard) expect(lines).toContain(one);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('each cluster that is said to stop fontkit stops it', async () => {
  const font = openSync(fontPath('Noto Sans Gujarati', 'regular'));
  for (const cluster of crashingGujarati) expect(() => font.layout(cluster), cluster).toThrow();
});

async function expectReadBack(names: readonly string[]): Promise<void> {
  expect(new Set(names).size).toBe(2000);
  const read = await linesRead(await linesDrawn(names), names.length);
  expect(read.map(comparable)).toEqual(names.map(comparable));
}

test('two thousand names are read back as they are spelt', () => expectReadBack(madeUpNames));

const listed = join(import.meta.dirname, '../../../shared/data/india-names-places');
test.skipIf(!existsSync(listed))('so are two thousand names that people bear', async () => {
  const pairs = readFileSync(join(listed, 'names-roman-devanagari.tsv'), 'utf8').trim().split('\n').slice(1);
  const lists: Record<string, Record<string, unknown>> = JSON.parse(
    readFileSync(join(listed, 'names-by-script.json'), 'utf8'),
  );
  const names = Object.values(lists)
    .flatMap((locale) => Object.values(locale).flat(2))
    .map(String);
  const spelt = [...new Set([...names, ...pairs.map((pair) => pair.split('\t')[1] ?? '')])]
    .map((name) => name.trim())
    .filter((name) => name !== '' && missingGlyph(name) === undefined);
  await expectReadBack([...new Set(spelt)].slice(0, 2000));
});

import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { expect, test } from 'vitest';
import { type Document, tablesOf } from '../compose/document.ts';
import { madeUpDatasets, madeUpDocument } from '../compose/made-up.ts';
import { pageTable } from './page-table.ts';
import { openPdf } from './pdf.ts';
import type { Piece } from './pdf-lines.ts';
import { readPdf } from './pdf-read.ts';
import { textOf } from './pdf-rows.ts';
import { readTable } from './pdf-table-read.ts';
import { openFindings } from './renderer.ts';
import { inTable, rendererContract } from './renderer-contract.ts';

rendererContract('pdf', openPdf(), 'rows and figures');

const signal = new AbortController().signal;

async function bytesOf(document: Document): Promise<Uint8Array> {
  const rendered = await openPdf().render(document, { signal });
  return rendered.kind === 'rendered' ? rendered.file.bytes : new Uint8Array();
}

test('pages have header rows and numbers, and say what they are', async () => {
  const { pages, lines, title } = await readPdf(await bytesOf(await madeUpDocument({}, { test: true })));
  const of = (page: number) => lines.filter((line) => line.page === page).map(textOf);
  expect(title).toBe('Daily sales, Tuesday, December 21, 2021');
  expect(pages).toBeGreaterThan(3);
  for (let page = 1; page <= pages; page++) {
    expect(of(page)[0]).toBe('TEST');
    expect(of(page).at(-1)).toMatch(new RegExp(`page${page}of${pages}$`));
  }
  expect(of(2).slice(1, 4)).toEqual([
    'Stores',
    'Store Quantity Sales Againstusual Sevendays Sevenbefore Growth',
    'USD % USD USD %',
  ]);
});

test('it says what it is, in which language, and lists its tables once each', async () => {
  const task = getDocument({ data: await bytesOf(await madeUpDocument()), verbosity: 0 });
  try {
    const pdf = await task.promise;
    const { info } = await pdf.getMetadata();
    expect(info).toMatchObject({
      Title: 'Daily sales, Tuesday, December 21, 2021',
      Subject: '2021-12-21',
      Keywords: 'run r1',
      CreationDate: 'D:20211222023000Z',
      Language: 'en-US',
    });
    const titles = (await pdf.getOutline()).map(({ title }) => title);
    expect(titles).toEqual(expect.arrayContaining(['Stores', 'Categories', 'Brands']));
    expect(new Set(titles).size).toBe(titles.length);
  } finally {
    await task.destroy();
  }
});

test('its figures are those of the dataset', async () => {
  const { lines } = await readPdf(await bytesOf(await madeUpDocument({ stores: 12 })));
  const words = lines.map(textOf);
  for (const row of madeUpDatasets({ stores: 12 }).get('stores')?.rows ?? []) {
    const name = String(row[1]).replace(/\s/g, '');
    const [quantity, amount] = [row[2], row[3]].map((cell) => Math.round(Number(cell)).toLocaleString('en-US'));
    expect(words.some((line) => line.replaceAll(' ', '').startsWith(`${name}${quantity}${amount}`))).toBe(true);
  }
});

test('no page holds nothing of a table but its last row or its totals', async () => {
  for (const categories of [43, 44, 45, 46]) {
    const document = inTable(
      await madeUpDocument({ stores: 5, categories, brands: 3, products: 3 }),
      'categories',
      (table) => ({ ...table, shown: categories, totals: table.totals.slice(-1) }),
    );
    const bytes = await bytesOf(document);
    expect(await openPdf().verify({ bytes, mediaType: '', extension: 'pdf' }, document)).toEqual({ kind: 'right' });
    const { lines } = await readPdf(bytes);
    const total = lines.findIndex((line, at) => at > 40 && textOf(line).startsWith('Total'));
    const before = lines.slice(0, total).filter(({ page }) => page === lines[total]?.page);
    const header = before.findLastIndex((line) => textOf(line).startsWith('USD'));
    expect(before.length - 1 - header).toBeGreaterThanOrEqual(2);
  }
});

test('a sign that no font has stops it, named with its cell', async () => {
  const document = await madeUpDocument({ stores: 3, names: ['Caf\u00e9', 'Party \u{1f600} Shop'] });
  await expect(openPdf().render(document, { signal })).rejects.toMatchObject({
    code: 'failed',
    message: expect.stringMatching(/no font has "\u{1f600}" \(U\+1F600\), in .*: "Party \u{1f600} Shop"/u),
  });
});

test.each([
  ['a matra at another place', 'हिन्दी दुकान', 'हन्दिी दुकान'],
  ['a word whose letters are not joined', 'क्षत्रिय', 'क्\u200cषत्रिय'],
  ['a letter of another script', 'ગુજરાત', 'गुजरात'],
])('%s is noticed', async (_, right, wrong) => {
  const [document, other] = await Promise.all(
    [right, wrong].map((name) =>
      madeUpDocument({ stores: 3, names: [name, 'मीनाक्षीसुन्दरेश्वरविद्यालयपुस्तकभण्डारसङ्ग्रह'.repeat(2)] }),
    ),
  );
  if (document === undefined || other === undefined) throw new Error('no document');
  const file = { mediaType: 'application/pdf', extension: 'pdf' };
  expect(await openPdf().verify({ ...file, bytes: await bytesOf(document) }, document)).toEqual({ kind: 'right' });
  const verdict = await openPdf().verify({ ...file, bytes: await bytesOf(other) }, document);
  expect(verdict.kind).toBe('wrong');
});

test('a page that begins without its header is noticed', async () => {
  const { headline: _, ...made } = await madeUpDocument({ stores: 60 });
  const [stores] = tablesOf(made).filter(({ name }) => name === 'stores');
  if (stores === undefined) throw new Error('no table');
  const table = { ...stores, shown: stores.rows.length, totals: stores.totals.slice(-1) };
  const document: Document = { ...made, blocks: [{ kind: 'table', table }] };
  const lines = (await readPdf(await bytesOf(document))).lines.filter(({ y }) => y < 790);
  const from = lines.findIndex((line) => textOf(line) === 'Stores');
  const headless = lines.filter((line, at) => at <= from || textOf(line) !== 'Stores');
  const verdictOf = (read: typeof lines) => {
    const findings = openFindings(document, 'pdf');
    readTable(read, from, pageTable(table, document), findings);
    return findings.verdict();
  };
  expect(verdictOf(lines)).toEqual({ kind: 'right' });
  const verdict = verdictOf(headless);
  expect(verdict.kind === 'wrong' && verdict.problems[0]).toMatchObject({
    code: 'header-not-repeated',
    message: 'table Stores: page 2 begins without its header',
  });
});

test('a column that stands under another header is noticed', async () => {
  const document = await madeUpDocument({ stores: 4 });
  const [table] = tablesOf(document).filter(({ name }) => name === 'stores');
  if (table === undefined) throw new Error('no table');
  const { lines } = await readPdf(await bytesOf(document));
  const from = lines.findIndex((line) => textOf(line) === 'Stores');
  const aside = lines.map((line, at) => (at === from + 5 ? { ...line, pieces: line.pieces.map(moved) } : line));
  const findings = openFindings(document, 'pdf');
  readTable(aside, from, pageTable(table, document), findings);
  expect(findings.verdict()).toMatchObject({ kind: 'wrong', problems: [{ code: 'wrong-row' }] });
});

const moved = (piece: Piece) => ({ ...piece, left: piece.left + 40, right: piece.right + 40 });

test('words that say the same as a title of a table are not taken for it', async () => {
  const made = await madeUpDocument({ stores: 4 });
  const same: Document = {
    ...made,
    blocks: [{ kind: 'text', paragraphs: [{ kind: 'paragraph', text: 'Stores' }] }, ...made.blocks],
  };
  const file = { bytes: await bytesOf(same), mediaType: 'application/pdf', extension: 'pdf' };
  expect(await openPdf().verify(file, same)).toEqual({ kind: 'right' });
});

test('damaged bytes are wrong, not a crash', async () => {
  const verdict = await openPdf().verify(
    { bytes: new Uint8Array(100), mediaType: '', extension: 'pdf' },
    await madeUpDocument(),
  );
  expect(verdict).toMatchObject({ kind: 'wrong', problems: [{ code: 'unreadable' }] });
});

import ExcelJS from 'exceljs';
import { expect, test } from 'vitest';
import { type Document, type Rule, tablesOf } from '../compose/document.ts';
import { madeUpDatasets, madeUpDocument } from '../compose/made-up.ts';
import { rendererContract } from './renderer-contract.ts';
import { openXlsx } from './xlsx.ts';
import { numberFormat } from './xlsx-cell.ts';
import { sheetNames } from './xlsx-names.ts';
import { growthFormatting } from './xlsx-rules.ts';
import { letterOf } from './xlsx-totals.ts';

rendererContract('xlsx', openXlsx(), 'rows and figures');

async function opened(document: Document): Promise<ExcelJS.Workbook> {
  const rendered = await openXlsx().render(document, { signal: new AbortController().signal });
  const book = new ExcelJS.Workbook();
  if (rendered.kind === 'rendered') await book.xlsx.load(new Uint8Array(rendered.file.bytes).buffer);
  return book;
}

test('a sheet for each table, with the dataset in it as numbers', async () => {
  const book = await opened(await madeUpDocument());
  expect(book.worksheets.map(({ name }) => name)).toEqual([
    'Summary',
    'What changed',
    'Stores',
    'Categories',
    'Brands',
    'Products that changed most',
    'Charts',
    'Definitions',
  ]);
  const sheet = book.getWorksheet('Stores');
  const rows = madeUpDatasets().get('stores')?.rows ?? [];
  const found = rows.map((_, at) => [1, 3, 6].map((column) => sheet?.getRow(at + 2).getCell(column).value));
  expect(found).toEqual(rows.map((row) => [row[1], Number(row[3]), Number(row[7])]));
});

test('the summary says what each change is against; a chart has its points beside', async () => {
  const book = await opened(await madeUpDocument());
  const summary = book.getWorksheet('Summary');
  expect([4, 5, 6].map((row) => [1, 5].map((column) => summary?.getRow(row).getCell(column).value))).toEqual([
    ['Figure', 'Compared'],
    ['Net sales', 'on the Tuesday before'],
    ['Sales of seven days', 'on seven before'],
  ]);
  expect(summary?.getCell('B5').numFmt).toBe('"$"#,##0.00;"\u2212""$"#,##0.00');
  const charts = book.getWorksheet('Charts');
  const trend = madeUpDatasets().get('trend')?.rows ?? [];
  const found = trend.map((_, at) => [1, 2].map((column) => charts?.getRow(at + 3).getCell(column).value));
  expect(found).toEqual(trend.map(([day, amount]) => [new Date(`${day}`), amount === null ? null : Number(amount)]));
  expect([1, 2].map((column) => charts?.getRow(2).getCell(column).value)).toEqual(['Day', 'Sales, USD']);
});

test('a chart with another point is noticed', async () => {
  const document = await madeUpDocument();
  const book = await opened(document);
  const cell = book.getWorksheet('Charts')?.getCell('B3');
  if (cell) cell.value = 1;
  const bytes = new Uint8Array(await book.xlsx.writeBuffer());
  const verdict = await openXlsx().verify({ bytes, mediaType: '', extension: 'xlsx' }, document);
  expect(verdict).toMatchObject({ kind: 'wrong', problems: [{ code: 'wrong-chart' }] });
});

test('sums are live, and what is stored beside them is exact', async () => {
  const sheet = (await opened(await madeUpDocument({ stores: 5 }))).getWorksheet('Stores');
  const rows = madeUpDatasets({ stores: 5 }).get('stores')?.rows ?? [];
  expect(sheet?.getCell('A8').value).toBe('Total');
  expect(sheet?.getCell('C8').value).toEqual({
    formula: 'SUBTOTAL(109,C2:C6)',
    result: rows.reduce((sum, row) => sum + Math.round(Number(row[3]) * 100), 0) / 100,
  });
});

test('the growth of a total is that of its live sums', async () => {
  const document = await madeUpDocument({ stores: 5 });
  const sheet = (await opened(document)).getWorksheet('Stores');
  const total =
    tablesOf(document)
      .find(({ name }) => name === 'stores')
      ?.totals.at(-1)?.cells ?? [];
  expect([4, 7].map((column) => sheet?.getRow(8).getCell(column).value)).toEqual([
    { formula: 'IF(ROUND(H8,6)=0,"",ROUND((C8-H8)/H8*100,4))', result: Number(total[3]) },
    { formula: 'IF(ROUND(F8,6)=0,IF(ROUND(E8,6)>0,"new",""),ROUND((E8-F8)/F8*100,4))', result: Number(total[6]) },
  ]);
  expect(sheet?.getCell('H8').value).toMatchObject({ formula: 'SUBTOTAL(109,H2:H6)' });
});

test('formulas in names stay text', async () => {
  const sheet = (await opened(await madeUpDocument({ stores: 1, names: ["=cmd|' /C calc'!A0"] }))).getWorksheet(
    'Stores',
  );
  expect(sheet?.getCell('A2').type).toBe(ExcelJS.ValueType.String);
});

test('the workbook is ready for a screen and for paper', async () => {
  const book = await opened(await madeUpDocument());
  const sheet = book.getWorksheet('Stores');
  expect(sheet?.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 });
  expect(sheet?.autoFilter).toBe('A1:H61');
  expect(sheet?.pageSetup).toMatchObject({ printTitlesRow: '1:1', fitToPage: true });
  expect(sheet?.getColumn(8).hidden).toBe(true);
  expect([book.creator, book.subject, book.keywords]).toEqual(['Tiffin', '2021-12-21', 'run r1']);
  expect(book.created.toISOString()).toBe('2021-12-22T02:30:00.000Z');
});

test('a sheet without its rules is noticed', async () => {
  const document = await madeUpDocument();
  const book = await opened(document);
  book.getWorksheet('Stores')?.removeConditionalFormatting(() => false);
  const bytes = new Uint8Array(await book.xlsx.writeBuffer());
  const verdict = await openXlsx().verify({ bytes, mediaType: '', extension: 'xlsx' }, document);
  expect(verdict).toMatchObject({ kind: 'wrong', problems: [{ code: 'no-rules' }, { code: 'no-rules' }] });
});

test('rules follow the base, the words and the steps', () => {
  const rule = {
    kind: 'growth',
    decimals: 1,
    workbookDecimals: 1,
    flat: '1',
    cap: '50',
    words: true,
    tints: true,
  } as const;
  const place = { column: 'G', base: 'F', of: 'E', firstRow: 2, lastRow: 61 };
  const { ref, rules } = growthFormatting(rule, place, 1, 'stopped');
  expect(ref).toBe('G2:G61');
  expect(rules.map((one) => ('formulae' in one ? one.formulae?.[0] : ''))).toEqual([
    'AND(ISNUMBER(G2),$F2>=0,$E2=0,$F2>0)',
    'AND(ISNUMBER(G2),$F2>=0,ABS(G2)<0.05)',
    'AND(ISNUMBER(G2),$F2>=0,ABS(G2)<=1)',
    ...['>1,G2<=10', '<-1,G2>=-10', '>10,G2<=20', '<-10,G2>=-20', '>20,G2<=30', '<-20,G2>=-30'].map(
      (edges) => `AND(ISNUMBER(G2),$F2>=0,G2${edges})`,
    ),
    ...['>30,G2<=40', '<-30,G2>=-40', '>40', '<-40'].map((edges) => `AND(ISNUMBER(G2),$F2>=0,G2${edges})`),
  ]);
});

test('numbers are written as their locale does', () => {
  const money: Rule = { kind: 'number', decimals: 0, workbookDecimals: 2, signed: false };
  expect(numberFormat(money, 'en-US')).toBe('#,##0.00;"\u2212"#,##0.00');
  expect(numberFormat(money, 'en-IN')).toBe('[>=10000000]##\\,##\\,##\\,##0.00;[>=100000]##\\,##\\,##0.00;##,##0.00');
  expect(numberFormat({ ...money, signed: true }, 'en-IN')).toBe('+#,##0.00;"\u2212"#,##0.00;0.00');
});

test('sheet names are what Excel takes', () => {
  const long = 'Sales by store, region and week of the year';
  expect(sheetNames(['A/B: [x]', long, long, "'quoted'", 'history', '', 'Summary', 'SUMMARY'])).toEqual([
    'A B x',
    'Sales by store, region and week',
    'Sales by store, region and we 2',
    'quoted',
    'history 2',
    'Sheet',
    'Summary',
    'SUMMARY 2',
  ]);
});

test('columns beyond Z', () => {
  expect([0, 25, 26, 701, 702].map(letterOf)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA']);
});

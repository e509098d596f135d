import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSales, type Sales } from './sales.ts';
import { type DailyTable, dailyTruth, periodTruth } from './truth.ts';

// Small enough to be worked out on paper: one store that sells on five days, one that sells once, and a return.
const lines = `Date,Invoice/Item Number,Store Number,Item Number,Bottles Sold,Sale (Dollars)
2021-09-01,INV-1,0042,7,10,100
2021-09-03,INV-2,0042,8,1,0.05
2021-09-09,INV-3,0042,7,3,30.1
2021-09-09,INV-4,0042,9,2,19.9
2021-09-20,RINV-5,0042,7,-1,-10
2021-09-20,INV-6,99,5,4,8
2021-09-30,INV-7,99,5,1,2
`;
const products = `Item Number,Category Name,Vendor Name
7,COLD  TEA & MORE,"HERON,  INC "
8,,HERON
9,   ,
`;

let folder: string;
let sales: Sales;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'truth-'));
  await writeFile(join(folder, 'sales-2021-09.csv.gz'), gzipSync(lines));
  await writeFile(join(folder, 'products.csv'), products);
  sales = await readSales(folder);
});
afterAll(() => rm(folder, { recursive: true }));

const rows = (table: DailyTable, key: string) =>
  [...dailyTruth(sales, table)].filter((row) => Object.values(row)[1] === key);
const on = (table: DailyTable, key: string, day: string) =>
  rows(table, key).find((row) => row['sale_date'] === `2021-09-${day}`);

test('a day against the days before it', () => {
  expect(on('kpi.store_daily', '0042', '14')).toEqual({
    sale_date: '2021-09-14',
    store_id: '0042',
    quantity: '0',
    amount: '0.00',
    sum_7d: '50.00', // the 9th: 30.10 + 19.90
    avg_7d: '7.1429',
    previous_sum_7d: '100.05', // the 1st and the 3rd
    growth_7d_pct: '-50.0250', // -50.05 / 100.05
    vs_avg_pct: '-100.0000', // nothing against 50 / 7
    full_history: true,
  });
});

test('the mean that a day is held against ends on the day before', () => {
  expect(on('kpi.store_daily', '0042', '03')?.['vs_avg_pct']).toBe('-99.6500'); // 0.05 against 100 / 7
  expect(on('kpi.store_daily', '0042', '01')?.['vs_avg_pct']).toBeNull();
});

test('returns reduce, and growth from a negative base keeps its figure', () => {
  expect(on('kpi.store_daily', '0042', '20')).toMatchObject({
    quantity: '-1',
    amount: '-10.00',
    avg_7d: '-1.4286',
    growth_7d_pct: '-120.0000', // -10 after 50
    vs_avg_pct: null,
  });
  expect(on('kpi.store_daily', '0042', '27')).toMatchObject({ previous_sum_7d: '-10.00', growth_7d_pct: '-100.0000' });
});

test('history is full from the 14th covered day on', () => {
  const full = rows('kpi.store_daily', '0042').map((row) => row['full_history']);
  expect(full.lastIndexOf(false)).toBe(12);
  expect(full.indexOf(true)).toBe(13);
});

test('a key has a row while any of 14 days has a line, and never after the end of the coverage', () => {
  const dates = (table: DailyTable, key: string) => rows(table, key).map((row) => row['sale_date']);
  expect(dates('kpi.product_daily', '8')).toEqual(
    Array.from({ length: 14 }, (_, index) => `2021-09-${String(index + 3).padStart(2, '0')}`),
  );
  expect(dates('kpi.store_daily', '99')).toEqual(
    Array.from({ length: 11 }, (_, index) => `2021-09-${String(index + 20)}`),
  );
});

test('keys keep their spelling, names are tidied, and what has none is unknown', () => {
  const keys = (table: DailyTable) => new Set([...dailyTruth(sales, table)].map((row) => Object.values(row)[1]));
  expect(keys('kpi.brand_daily')).toEqual(new Set(['(unknown)', 'HERON', 'HERON,  INC ']));
  expect(on('kpi.brand_daily', 'HERON,  INC ', '01')).toMatchObject({ brand_name: 'HERON, INC', quantity: '10' });
  expect(keys('kpi.category_daily')).toEqual(new Set(['(unknown)', 'COLD  TEA & MORE']));
  // Item 9 has a category of spaces, item 5 is not listed at all.
  expect(on('kpi.category_daily', '(unknown)', '09')).toMatchObject({ category_name: '(unknown)', amount: '19.90' });
  expect(on('kpi.category_daily', '(unknown)', '20')).toMatchObject({ amount: '8.00' });
});

test('weeks and months that are over, each against the one before', () => {
  const show = (row: Readonly<Record<string, unknown>>) => Object.values(row).join(' | ');
  expect([...periodTruth(sales, 'kpi.store_weekly')].map(show)).toEqual([
    '2021-08-30 | 0042 | 11 | 100.05 | 0.00 | ',
    '2021-09-06 | 0042 | 5 | 50.00 | 100.05 | -50.0250',
    '2021-09-13 | 0042 | 0 | 0.00 | 50.00 | -100.0000',
    '2021-09-20 | 0042 | -1 | -10.00 | 0.00 | ',
    '2021-09-20 | 99 | 4 | 8.00 | 0.00 | ',
  ]);
  expect([...periodTruth(sales, 'kpi.store_monthly')].map(show)).toEqual([
    '2021-09-01 | 0042 | 15 | 140.05 | 0.00 | ',
    '2021-09-01 | 99 | 5 | 10.00 | 0.00 | ',
  ]);
});

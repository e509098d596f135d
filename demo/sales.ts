import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { csvColumns } from './csv.ts';
import { dayOf } from './days.ts';
import { unitsOf } from './exact.ts';

/** What the lines of a key add up to on a day. Amounts in cents. */
export interface DayTotal {
  lines: number;
  quantity: number;
  cents: number;
}

/** Totals by key, then by day (since 1970). A day without lines has no entry. */
export type DailyTotals = ReadonlyMap<string, ReadonlyMap<number, Readonly<DayTotal>>>;

export type Dimension = 'store' | 'category' | 'brand' | 'product';

export interface Sales {
  /** First and last day of any line: what the files cover. */
  readonly firstDay: number;
  readonly lastDay: number;
  readonly lines: number;
  readonly totals: Readonly<Record<Dimension, DailyTotals>>;
}

/** Key of the sales that have no category or no vendor, or whose item nobody lists. */
export const unknownKey = '(unknown)';

/** Adds up a folder of CSV files (sales-*.csv.gz, products.csv) in whole numbers, without any SQL. */
export async function readSales(folder: string): Promise<Sales> {
  const products = new Map<string, { readonly category: string; readonly brand: string }>();
  const list = await readFile(join(folder, 'products.csv'), 'utf8');
  for (const [id, category, brand] of csvColumns(list, ['Item Number', 'Category Name', 'Vendor Name'])) {
    products.set(id, { category: orUnknown(category), brand: orUnknown(brand) });
  }

  const totals = { store: new Map(), category: new Map(), brand: new Map(), product: new Map() };
  let [firstDay, lastDay, lines] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  const files = (await readdir(folder)).filter((name) => /^sales-.*\.csv\.gz$/.test(name)).sort();
  const columns = ['Date', 'Store Number', 'Item Number', 'Bottles Sold', 'Sale (Dollars)'] as const;
  for (const file of files) {
    const text = gunzipSync(await readFile(join(folder, file))).toString('utf8');
    let [date, day] = ['', 0];
    for (const [lineDate, store, item, bottles, amount] of csvColumns(text, columns)) {
      if (lineDate !== date) [date, day] = [lineDate, dayOf(lineDate)];
      const line = { quantity: unitsOf(bottles, 0), cents: unitsOf(amount, 2) };
      const { category, brand } = products.get(item) ?? { category: unknownKey, brand: unknownKey };
      add(totals.store, store, day, line);
      add(totals.category, category, day, line);
      add(totals.brand, brand, day, line);
      add(totals.product, item, day, line);
      [firstDay, lastDay, lines] = [Math.min(firstDay, day), Math.max(lastDay, day), lines + 1];
    }
  }
  return { firstDay, lastDay, lines, totals };
}

function orUnknown(name: string): string {
  return /^ *$/.test(name) ? unknownKey : name;
}

function add(
  totals: Map<string, Map<number, DayTotal>>,
  key: string,
  day: number,
  line: { readonly quantity: number; readonly cents: number },
): void {
  const days = totals.get(key) ?? new Map<number, DayTotal>();
  totals.set(key, days);
  const total = days.get(day);
  if (total === undefined) {
    days.set(day, { lines: 1, ...line });
  } else {
    total.lines += 1;
    total.quantity += line.quantity;
    total.cents += line.cents;
  }
}

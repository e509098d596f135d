import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dateOf, dayOf, weekdayOf } from './days.ts';
import { decimalText } from './exact.ts';
import { generateSales } from './generate.ts';
import { type DailyTotals, readSales, type Sales } from './sales.ts';
import { dailyTruth } from './truth.ts';

interface Total {
  readonly rows: number;
  readonly total: string;
}

/** Figures of the real set that others worked out with exact decimals; they cut trailing zeros. */
interface Expected {
  readonly overall: Total & {
    readonly [Name in 'days_with_rows' | 'stores' | 'items' | 'categories' | 'brands']: number;
  } & { readonly first_date: string; readonly last_date: string };
  readonly per_day: readonly (Total & { readonly date: string; readonly quantity: string })[];
  readonly weeks: readonly (Total & { readonly period: string })[];
  readonly months: readonly (Total & { readonly period: string })[];
  readonly top10_stores: { readonly list: readonly (Total & { readonly id: string })[] };
  readonly top10_brands: { readonly list: readonly (Total & { readonly id: string })[] };
  readonly category_totals: {
    readonly date: string;
    readonly list: readonly (Total & { readonly category: string; readonly quantity: string })[];
  };
  readonly rolling7: readonly {
    readonly [Name in 'store' | 'date' | 'sum' | 'avg' | 'previous_sum' | 'change_pct']: string;
  }[];
}

const real = fileURLToPath(new URL('../../shared/data/iowa-liquor', import.meta.url));

describe.skipIf(!existsSync(real))('the truth of the real set is what others found', () => {
  let sales: Sales;
  let expected: Expected;
  beforeAll(async () => {
    expected = JSON.parse(await readFile(join(real, 'expected', 'expected-a.json'), 'utf8'));
    sales = await readSales(real);
  });

  test('over all', () => {
    const { totals } = sales;
    expect(expected.overall).toMatchObject({
      rows: sales.lines,
      total: addUp(totals.store, () => 'all').get('all')?.total,
      first_date: dateOf(sales.firstDay),
      last_date: dateOf(sales.lastDay),
      days_with_rows: addUp(totals.store, dateOf).size,
      stores: totals.store.size,
      items: totals.product.size,
      categories: totals.category.size,
      brands: totals.brand.size,
    });
  });

  test.each(['store', 'category', 'brand', 'product'] as const)('each day, added up by %s', (dimension) => {
    const days = addUp(sales.totals[dimension], dateOf);
    for (const { date, ...day } of expected.per_day) expect(days.get(date), date).toEqual(day);
    expect(expected.per_day.length).toBeGreaterThan(100);
  });

  test('weeks and months', () => {
    const weeks = addUp(sales.totals.store, isoWeek);
    const months = addUp(sales.totals.store, (day) => dateOf(day).slice(0, 7));
    for (const { period, ...week } of expected.weeks) expect(weeks.get(period), period).toMatchObject(week);
    for (const { period, ...month } of expected.months) expect(months.get(period), period).toMatchObject(month);
  });

  test('the largest stores and brands', () => {
    for (const [totals, { list }] of [
      [sales.totals.store, expected.top10_stores],
      [sales.totals.brand, expected.top10_brands],
    ] as const) {
      const all = [...totals].map(([id, days]) => ({ id, ...addUp(new Map([[id, days]]), () => 'all').get('all') }));
      expect(all.sort((a, b) => Number(b.total) - Number(a.total)).slice(0, 10)).toMatchObject(list);
    }
  });

  test('the categories of a day', () => {
    const { date, list } = expected.category_totals;
    const rows = [...dailyTruth(sales, 'kpi.category_daily')].filter((row) => row['sale_date'] === date);
    const sold = rows.filter((row) => sales.totals.category.get(String(row['category']))?.has(dayOf(date)));
    expect(sold.map((row) => [row['category'], row['quantity'], cut(row['amount'])])).toEqual(
      list.map(({ category, quantity, total }) => [category, quantity, total]),
    );
  });

  test('rolling 7 days', () => {
    const rows = [...dailyTruth(sales, 'kpi.store_daily')];
    for (const { store, date, sum, avg, previous_sum, change_pct } of expected.rolling7) {
      const row = rows.find((row) => row['store_id'] === store && row['sale_date'] === date);
      const figures = [row?.['sum_7d'], row?.['avg_7d'], row?.['previous_sum_7d'], row?.['growth_7d_pct']];
      expect(figures.map(cut)).toEqual([sum, avg, previous_sum, change_pct]);
    }
  });
});

describe('the made-up set as the demo uses it', () => {
  let folder: string;
  let sales: Sales;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sales-'));
    await generateSales(folder);
    sales = await readSales(folder);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('is small, and covers its dates', () => {
    expect(sales.lines).toBeGreaterThan(60_000);
    expect(sales.lines).toBeLessThan(90_000);
    expect([dateOf(sales.firstDay), dateOf(sales.lastDay)]).toEqual(['2021-09-01', '2022-02-28']);
    expect(sales.totals.store.size).toBe(60);
  });

  test('has what a report must cope with', () => {
    const products = [...dailyTruth(sales, 'kpi.product_daily')];
    const growth = [...dailyTruth(sales, 'kpi.store_daily')]
      .filter((row) => row['sale_date'] === '2022-02-28')
      .map((row) => Number(row['growth_7d_pct']));
    expect(growth.filter((percent) => percent > 20).length).toBeGreaterThan(3);
    expect(growth.filter((percent) => percent < -20).length).toBeGreaterThan(3);
    expect(products.some((row) => String(row['previous_sum_7d']).startsWith('-'))).toBe(true);
    expect(products.some((row) => row['growth_7d_pct'] === null)).toBe(true);
    expect(sales.totals.category.has('(unknown)') && sales.totals.brand.has('(unknown)')).toBe(true);
  });
});

function addUp(totals: DailyTotals, periodOf: (day: number) => string) {
  const periods = new Map<string, { rows: number; quantity: number; cents: number }>();
  for (const days of totals.values()) {
    for (const [day, { lines, quantity, cents }] of days) {
      const sum = periods.get(periodOf(day)) ?? { rows: 0, quantity: 0, cents: 0 };
      periods.set(periodOf(day), {
        rows: sum.rows + lines,
        quantity: sum.quantity + quantity,
        cents: sum.cents + cents,
      });
    }
  }
  return new Map(
    [...periods].map(([period, { rows, quantity, cents }]) => [
      period,
      { rows, quantity: String(quantity), total: cut(decimalText(BigInt(cents), 2)) },
    ]),
  );
}

function isoWeek(day: number): string {
  const thursday = day - weekdayOf(day) + 3;
  const year = dateOf(thursday).slice(0, 4);
  const week = Math.floor((thursday - dayOf(`${year}-01-01`)) / 7) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}

function cut(figure: unknown): string {
  return String(figure).replace(/\.?0+$/, '');
}

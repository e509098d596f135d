import { dateOf } from './days.ts';
import { decimalText, quotient } from './exact.ts';
import type { DailyTotals, DayTotal, Dimension, Sales } from './sales.ts';

/** A row of a KPI table, column by column as the warehouse gives it: exact text for numbers and dates. */
export type TruthRow = Readonly<Record<string, string | boolean | null>>;

/** The tables, and for each its key and the column that has the key's spaces tidied. */
export const dailyTables = {
  'kpi.store_daily': { dimension: 'store', key: 'store_id', name: undefined },
  'kpi.category_daily': { dimension: 'category', key: 'category', name: 'category_name' },
  'kpi.brand_daily': { dimension: 'brand', key: 'brand', name: 'brand_name' },
  'kpi.product_daily': { dimension: 'product', key: 'item_id', name: undefined },
} as const satisfies Readonly<
  Record<string, { readonly dimension: Dimension; readonly key: string; readonly name: string | undefined }>
>;

export type DailyTable = keyof typeof dailyTables;

/**
 * The rows that a daily KPI table must hold, by key (in code-point order) and date, worked out from the definition of each
 * column by itself. Nothing is carried from one day to the next, so that it can share no mistake with the SQL.
 */
export function* dailyTruth(sales: Sales, table: DailyTable): Generator<TruthRow> {
  const { dimension, key, name } = dailyTables[table];
  const totals: DailyTotals = sales.totals[dimension];
  for (const value of [...totals.keys()].sort(byCodePoint)) {
    const days = totals.get(value) ?? new Map<number, DayTotal>();
    const tidy = name === undefined ? {} : { [name]: value.replace(/^ +| +$/g, '').replace(/ +/g, ' ') };
    for (let day = sales.firstDay; day <= sales.lastDay; day++) {
      if (!anyLine(days, day - 13, day)) continue;
      yield { sale_date: dateOf(day), [key]: value, ...tidy, ...figures(days, day, sales.firstDay) };
    }
  }
}

function figures(days: ReadonlyMap<number, Readonly<DayTotal>>, day: number, coveredFrom: number): TruthRow {
  const amount = cents(days, day, day);
  const week = cents(days, day - 6, day);
  const weekBefore = cents(days, day - 13, day - 7);
  const sevenBefore = cents(days, day - 7, day - 1);
  return {
    quantity: String(days.get(day)?.quantity ?? 0),
    amount: decimalText(amount, 2),
    sum_7d: decimalText(week, 2),
    avg_7d: quotient(week, 700n, 4),
    previous_sum_7d: decimalText(weekBefore, 2),
    growth_7d_pct: weekBefore === 0n ? null : quotient((week - weekBefore) * 100n, weekBefore, 4),
    // Against a mean of m / 7: (amount - m / 7) / (m / 7) = (7 amount - m) / m.
    vs_avg_pct: sevenBefore === 0n ? null : quotient((7n * amount - sevenBefore) * 100n, sevenBefore, 4),
    full_history: coveredFrom <= day - 13,
  };
}

function cents(days: ReadonlyMap<number, Readonly<DayTotal>>, first: number, last: number): bigint {
  let sum = 0;
  for (let day = first; day <= last; day++) sum += days.get(day)?.cents ?? 0;
  if (!Number.isSafeInteger(sum)) throw new RangeError('too large to be exact');
  return BigInt(sum);
}

function anyLine(days: ReadonlyMap<number, unknown>, first: number, last: number): boolean {
  for (let day = first; day <= last; day++) if (days.has(day)) return true;
  return false;
}

function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

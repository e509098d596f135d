import { dateOf, dayOf, weekdayOf } from './days.ts';
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
    for (let day = sales.firstDay; day <= sales.lastDay; day++) {
      if (!anyLine(days, day - 13, day)) continue;
      yield { sale_date: dateOf(day), [key]: value, ...tidied(name, value), ...figures(days, day, sales.firstDay) };
    }
  }
}

/** The weekly and monthly tables, as the daily ones. */
export const periodTables = {
  'kpi.store_weekly': { ...dailyTables['kpi.store_daily'], period: 'week' },
  'kpi.store_monthly': { ...dailyTables['kpi.store_daily'], period: 'month' },
  'kpi.category_weekly': { ...dailyTables['kpi.category_daily'], period: 'week' },
  'kpi.category_monthly': { ...dailyTables['kpi.category_daily'], period: 'month' },
  'kpi.brand_weekly': { ...dailyTables['kpi.brand_daily'], period: 'week' },
  'kpi.brand_monthly': { ...dailyTables['kpi.brand_daily'], period: 'month' },
} as const;

export type PeriodTable = keyof typeof periodTables;

/**
 * The rows that a weekly or monthly KPI table must hold, by key and first day. The first period may be partial; the last
 * one is there only when the sales cover it whole.
 */
export function* periodTruth(sales: Sales, table: PeriodTable): Generator<TruthRow> {
  const { dimension, key, name, period } = periodTables[table];
  const starts = new Set<number>();
  for (let day = sales.firstDay; day <= sales.lastDay + 1; day++) starts.add(startOf(period, day));
  const totals: DailyTotals = sales.totals[dimension];
  for (const value of [...totals.keys()].sort(byCodePoint)) {
    const days = totals.get(value) ?? new Map<number, DayTotal>();
    for (const start of starts) {
      const end = startOf(period, start + (period === 'week' ? 7 : 31));
      if (end > sales.lastDay + 1) break;
      const before = startOf(period, start - 1);
      if (!anyLine(days, before, end - 1)) continue;
      const amount = cents(days, start, end - 1);
      const previous = cents(days, before, start - 1);
      let quantity = 0;
      for (let day = start; day < end; day++) quantity += days.get(day)?.quantity ?? 0;
      yield {
        [`${period}_start`]: dateOf(start),
        [key]: value,
        ...tidied(name, value),
        quantity: String(quantity),
        amount: decimalText(amount, 2),
        previous_amount: decimalText(previous, 2),
        growth_pct: previous === 0n ? null : quotient((amount - previous) * 100n, previous, 4),
      };
    }
  }
}

/** The Monday of a day's week, or the first of its month. */
function startOf(period: 'week' | 'month', day: number): number {
  return period === 'week' ? day - weekdayOf(day) : dayOf(`${dateOf(day).slice(0, 7)}-01`);
}

function tidied(name: string | undefined, value: string): TruthRow {
  return name === undefined ? {} : { [name]: value.replace(/^ +| +$/g, '').replace(/ +/g, ' ') };
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

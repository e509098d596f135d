import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { add, type Decimal, parseDecimal, round, subtract, toText, zero } from './decimal.ts';
import { emiOf, scheduleOf } from './emi.ts';

/** Ten thousand loans with what their lender asked for, and figures that others worked out from them. */
const folder = join(import.meta.dirname, '../../../shared/data/loans');

interface Row {
  readonly loan_id: string;
  readonly loan_amount: string;
  readonly interest_rate: string;
  readonly term: string;
  readonly installment: string;
  readonly grade: string;
}

interface Sums {
  readonly rows: number;
  readonly loan_amount: string;
  readonly installment: string;
}

interface Expected {
  readonly totals: Sums;
  readonly by_grade: Readonly<Record<string, Sums>>;
  readonly emi: readonly { readonly loan_id: string; readonly emi: string; readonly installment_in_data: string }[];
  readonly schedules: readonly (Row & {
    readonly lines: readonly Readonly<Record<'payment' | 'interest' | 'principal' | 'balance', string>>[];
  })[];
  readonly difference_from_data: {
    readonly all_loans: Readonly<Record<string, number>>;
    readonly more_than_one_cent: number;
  };
}

describe.skipIf(!existsSync(folder))('real loans', () => {
  const expected: Expected = JSON.parse(readFileSync(join(folder, 'expected/expected-a.json'), 'utf8'));
  const loans: readonly Row[] = parse(gunzipSync(readFileSync(join(folder, 'loans.csv.gz'))), { columns: true });
  const firstHalf = loans.slice(0, 5000);
  const loanOf = ({ loan_amount, interest_rate, term }: Row, rounding: 'half_up' | 'up') => {
    return { principal: loan_amount, rate: interest_rate, months: Number(term), rounding };
  };
  const cents = (text: string) => toText(round(parseDecimal(text), 2));
  const sumsOf = (rows: readonly Row[]): Sums => {
    const sum = (column: 'loan_amount' | 'installment') =>
      toText(rows.reduce<Decimal>((all, row) => add(all, parseDecimal(row[column])), zero));
    return { rows: rows.length, loan_amount: sum('loan_amount'), installment: sum('installment') };
  };

  test('are those that the figures were worked out from', () => {
    expect(sumsOf(firstHalf)).toEqual(expected.totals);
    const grades = Map.groupBy(firstHalf, ({ grade }) => grade);
    const found = Object.fromEntries([...grades].map(([grade, rows]) => [grade, sumsOf(rows)]));
    expect(found).toEqual(expected.by_grade);
  });

  test('each of the single instalments is met', () => {
    expect(expected.emi).toHaveLength(100);
    const byId = new Map(loans.map((row) => [row.loan_id, row]));
    const found = expected.emi.map(({ loan_id }) => {
      const row = byId.get(loan_id);
      if (row === undefined) throw new Error(`no loan ${loan_id}`);
      return { loan_id, emi: emiOf(loanOf(row, 'half_up')), installment_in_data: cents(row.installment) };
    });
    const wanted = expected.emi.map((one) => ({ ...one, installment_in_data: cents(one.installment_in_data) }));
    expect(found).toEqual(wanted);
  });

  test('each line of the whole schedules is met', () => {
    expect(expected.schedules).toHaveLength(4);
    for (const { lines, ...row } of expected.schedules) {
      const made = scheduleOf(loanOf(row, 'half_up'));
      expect(
        made.map(({ number, payment, interest, principal, closing }) => {
          return { no: number, payment, interest, principal, balance: closing };
        }),
      ).toEqual(lines);
    }
  });

  test('all ten thousand differ from what was asked for as they should, by either rounding', () => {
    const differences = (rounding: 'half_up' | 'up') => {
      const all = loans.map((row) =>
        toText(subtract(parseDecimal(emiOf(loanOf(row, rounding))), parseDecimal(cents(row.installment)))),
      );
      return Object.fromEntries([...Map.groupBy(all, (one) => one)].map(([size, list]) => [size, list.length]));
    };
    const halfUp = differences('half_up');
    expect(halfUp).toEqual(expected.difference_from_data.all_loans);
    const large = Object.entries(halfUp).filter(([size]) => Math.abs(Number(size)) > 0.0101);
    expect(large.reduce((sum, [, count]) => sum + count, 0)).toBe(expected.difference_from_data.more_than_one_cent);
    // The lender rounds up; three loans have other terms than their columns say.
    expect(differences('up')['0.00']).toBe(9_997);
  });
});

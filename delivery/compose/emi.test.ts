import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compare, parseDecimal } from './decimal.ts';
import { emiOf, monthsAfter, scheduleOf, sumOf } from './emi.ts';

test('an instalment is rounded once, by the rule of the lender', () => {
  const loan = { principal: '28000', rate: '14.07', months: 60 } as const;
  expect(emiOf({ ...loan, rounding: 'half_up' })).toBe('652.53');
  expect(emiOf({ principal: '100', rate: '0', months: 3, rounding: 'half_up' })).toBe('33.33');
  expect(emiOf({ principal: '100', rate: '0', months: 3, rounding: 'up' })).toBe('33.34');
  expect(() => emiOf({ principal: '0', rate: '1', months: 3, rounding: 'up' })).toThrow(/no instalments/);
});

test('a schedule pays back what was lent, to the paisa, and its lines add up', () => {
  const loans = fc.record({
    principal: fc.integer({ min: 100_000, max: 1_000_000_000 }).map((cents) => (cents / 100).toFixed(2)),
    rate: fc.integer({ min: 0, max: 4000 }).map((hundredths) => (hundredths / 100).toFixed(2)),
    months: fc.integer({ min: 1, max: 120 }),
    rounding: fc.constantFrom('half_up', 'up'),
  });
  fc.assert(
    fc.property(loans, (loan) => {
      const lines = scheduleOf({ ...loan, rounding: loan.rounding === 'up' ? 'up' : 'half_up' });
      expect(lines).toHaveLength(loan.months);
      expect(lines.at(-1)?.closing).toBe('0.00');
      expect(compare(parseDecimal(sumOf(lines, 'principal')), parseDecimal(loan.principal))).toBe(0);
      for (const [at, line] of lines.slice(1).entries()) expect(line.opening).toBe(lines[at]?.closing);
    }),
    { numRuns: 60 },
  );
});

test('a payment falls on the day of the first, or on the last day of a shorter month', () => {
  expect([0, 1, 2, 13].map((months) => monthsAfter('2021-12-31', months))).toEqual([
    '2021-12-31',
    '2022-01-31',
    '2022-02-28',
    '2023-01-31',
  ]);
});

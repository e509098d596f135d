import fc from 'fast-check';
import { expect, test } from 'vitest';
import { add, compare, divide, growthOf, parseDecimal, round, subtract, toText } from './decimal.ts';

const d = parseDecimal;

test('decimal text goes in and out unchanged', () => {
  for (const text of ['0', '1', '-12', '0.10', '-0.05', '123456789012345678901234567890.123456789'])
    expect(toText(d(text))).toBe(text);
  expect(toText(d('1.5e-7'))).toBe('0.00000015');
  expect(toText(d('2.5E+3'))).toBe('2500');
  expect(toText(d('-0.0'))).toBe('0.0');
  for (const text of ['', 'NaN', 'Infinity', '1,000', '.', '--1', '0x10'])
    expect(() => d(text)).toThrow(/not a number/);
});

test('sums are exact where floats are not', () => {
  expect(toText(add(d('0.1'), d('0.2')))).toBe('0.3');
  expect(toText(subtract(d('9007199254740993'), d('0.01')))).toBe('9007199254740992.99');
});

test('halves are rounded away from zero', () => {
  const rounded = (text: string, decimals: number) => toText(round(d(text), decimals));
  expect([rounded('0.5', 0), rounded('-0.5', 0), rounded('2.5', 0), rounded('1.005', 2)]).toEqual([
    '1',
    '-1',
    '3',
    '1.01',
  ]);
  expect([rounded('-0.04', 1), rounded('0.449', 0), rounded('7', 2)]).toEqual(['0.0', '0', '7.00']);
});

test('growth is exact to four decimals, and unknown from zero', () => {
  const growth = (now: string, before: string) => {
    const found = growthOf(d(now), d(before));
    return found && toText(found);
  };
  expect(growth('114.8', '100')).toBe('14.8000');
  expect(growth('1', '3')).toBe('-66.6667');
  expect(growth('50', '-50')).toBe('-200.0000');
  expect(growth('5', '0.00')).toBeUndefined();
});

const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: 0, max: 8 }))
  .map(([units, scale]) => ({ units, scale }));

test('rounding moves a number by half a unit at most, and never the sign', () => {
  fc.assert(
    fc.property(decimals, fc.integer({ min: 0, max: 8 }), (value, places) => {
      const rounded = round(value, places);
      const apart = subtract(rounded, value);
      const half = { units: 5n, scale: places + 1 };
      expect(compare(apart, half)).toBeLessThanOrEqual(0);
      expect(compare({ units: -apart.units, scale: apart.scale }, half)).toBeLessThanOrEqual(0);
      if (rounded.units !== 0n) expect(rounded.units > 0n).toBe(value.units > 0n);
    }),
  );
});

test('dividing undoes multiplying', () => {
  fc.assert(
    fc.property(decimals, fc.bigInt({ min: 1n, max: 10_000n }), (value, factor) => {
      const product = { units: value.units * factor, scale: value.scale };
      expect(divide(product, { units: factor, scale: 0 }, value.scale)).toEqual(value);
    }),
  );
});

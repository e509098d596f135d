import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalText, quotient, unitsOf } from './exact.ts';

test('ties go away from zero', () => {
  expect(quotient(1n, 20_000n, 4)).toBe('0.0001');
  expect(quotient(-1n, 20_000n, 4)).toBe('-0.0001');
  expect(quotient(1n, -20_000n, 4)).toBe('-0.0001');
  expect(quotient(3n, 2n, 0)).toBe('2');
  expect(quotient(-5n, 2n, 0)).toBe('-3');
});

test('what rounds to zero has no sign', () => {
  expect(quotient(-1n, 20_001n, 4)).toBe('0.0000');
  expect(quotient(0n, -7n, 4)).toBe('0.0000');
});

test('a quotient is the nearest decimal', () => {
  const whole = fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n });
  fc.assert(
    fc.property(
      whole,
      whole.filter((n) => n !== 0n),
      (numerator, denominator) => {
        const units = BigInt(quotient(numerator, denominator, 4).replace('.', ''));
        const off = numerator * 10_000n - units * denominator;
        expect(2n * (off < 0n ? -off : off)).toBeLessThanOrEqual(denominator < 0n ? -denominator : denominator);
      },
    ),
  );
});

test('decimals are read and written exactly', () => {
  expect(['48.39', '110.7', '126', '-0.05', '-0'].map((text) => unitsOf(text, 2))).toEqual([4839, 11070, 12600, -5, 0]);
  expect([4839n, -5n, 0n].map((units) => decimalText(units, 2))).toEqual(['48.39', '-0.05', '0.00']);
  expect(decimalText(-12n, 0)).toBe('-12');
});

test('what cannot be exact is refused', () => {
  for (const text of ['1.234', '', '1,5', '1e3', ' 1', '90071992547409.93']) {
    expect(() => unitsOf(text, 2), text).toThrow(RangeError);
  }
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compare, parseDecimal, subtract, toText } from './decimal.ts';
import { scaleOf } from './scale.ts';

const marks = (values: readonly (string | null)[], fromZero = true) =>
  scaleOf(
    values.map((value) => ({ value })),
    fromZero,
  ).map(toText);

test('round marks reach from below the least to above the largest', () => {
  expect(marks(['91687.20', '339.10', null])).toEqual(['0.00', '50000.00', '100000.00']);
  expect(marks(['7', '9', '10'])).toEqual(['0', '5', '10']);
  expect(marks(['-30', '55'])).toEqual(['-50', '0', '50', '100']);
  expect(marks(['101', '104'], false)).toEqual(['101', '102', '103', '104']);
  expect(marks(['0', null])).toEqual([]);
  expect(marks([])).toEqual([]);
});

test('every point lies between the first and the last of a few even marks', () => {
  const values = fc.array(fc.integer({ min: -10_000_000, max: 10_000_000 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(values, fc.boolean(), (cents, fromZero) => {
      const points = cents.map((one) => ({ value: toText({ units: BigInt(one), scale: 2 }) }));
      const scale = scaleOf(points, fromZero);
      const [first, second] = scale;
      const last = scale.at(-1);
      if (first === undefined || second === undefined || last === undefined)
        return new Set(fromZero ? [...cents, 0] : cents).size === 1;
      expect(scale.length).toBeLessThanOrEqual(6);
      for (const { value } of points) {
        expect(compare(first, parseDecimal(value))).toBeLessThanOrEqual(0);
        expect(compare(last, parseDecimal(value))).toBeGreaterThanOrEqual(0);
      }
      const step = toText(subtract(second, first));
      for (const [at, mark] of scale.slice(1).entries()) expect(toText(subtract(mark, scale[at] ?? mark))).toBe(step);
      return true;
    }),
    { numRuns: 100 },
  );
});

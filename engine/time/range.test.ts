import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cover, intersect, merge, type Range, subtract } from './range.ts';

const range = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 10 }))
  .map(([from, length]): Range => ({ from, until: from + length }));
const ranges = fc.array(range, { maxLength: 8 });

/** The truth by counting: the set of unit instants that ranges hold. */
const points = (list: readonly Range[]) => {
  const set = new Set<number>();
  for (const { from, until } of list) for (let at = from; at < until; at += 1) set.add(at);
  return set;
};

test('merge, subtract and intersect agree with sets of instants', () => {
  fc.assert(
    fc.property(ranges, ranges, (a, b) => {
      expect(points(merge(a))).toEqual(points(a));
      expect(points(subtract(a, b))).toEqual(points(a).difference(points(b)));
      expect(points(intersect(a, b))).toEqual(points(a).intersection(points(b)));
    }),
  );
});

test('results are sorted, disjoint and never touch', () => {
  fc.assert(
    fc.property(ranges, ranges, (a, b) => {
      for (const list of [merge(a), subtract(a, b)]) {
        for (const [index, one] of list.entries()) {
          expect(one.from).toBeLessThan(one.until);
          const next = list[index + 1];
          if (next) expect(one.until).toBeLessThan(next.from);
        }
      }
    }),
  );
});

test('cover asks for every instant', () => {
  expect(
    cover(
      [
        { from: 0, until: 3 },
        { from: 3, until: 9 },
      ],
      { from: 1, until: 8 },
    ),
  ).toBe(true);
  expect(
    cover(
      [
        { from: 0, until: 3 },
        { from: 4, until: 9 },
      ],
      { from: 1, until: 8 },
    ),
  ).toBe(false);
});

import { expect, test } from 'vitest';
import { random, weighted } from './random.ts';

const draws = (seed: number, name: string) => {
  const chance = random(seed, name);
  return Array.from({ length: 4 }, () => chance.between(0, 999));
};

test('a stream is the same for ever: a change of it would change every made-up file', () => {
  expect(draws(1, 'stores')).toEqual([96, 153, 862, 220]);
});

test('another seed and another name are other streams', () => {
  expect(draws(2, 'stores')).not.toEqual(draws(1, 'stores'));
  expect(draws(1, 'products')).not.toEqual(draws(1, 'stores'));
});

test('whole numbers reach both ends and nothing beyond', () => {
  const chance = random(7, 'ends');
  const seen = new Set(Array.from({ length: 500 }, () => chance.between(-1, 2)));
  expect([...seen].sort((a, b) => a - b)).toEqual([-1, 0, 1, 2]);
});

test('some are different ones, in the order of the list, and never more than there are', () => {
  const chance = random(7, 'some');
  const list = ['a', 'b', 'c', 'd'];
  for (let round = 0; round < 50; round++) {
    const three = chance.some(list, 3);
    expect(three).toHaveLength(3);
    expect(three).toEqual(list.filter((entry) => three.includes(entry)));
  }
  expect(chance.some(list, 9)).toEqual(list);
  expect(() => chance.pick([])).toThrow(RangeError);
});

test('an entry comes as often as its weight says', () => {
  const pick = weighted([
    ['often', 8],
    ['seldom', 2],
    ['hardly', 0.001],
  ]);
  const chance = random(7, 'weights');
  const counts = new Map<string, number>();
  for (let round = 0; round < 10_000; round++) {
    const entry = pick(chance);
    counts.set(entry, (counts.get(entry) ?? 0) + 1);
  }
  expect(counts.get('often')).toBeGreaterThan(7_800);
  expect(counts.get('often')).toBeLessThan(8_200);
  expect(counts.get('seldom')).toBeGreaterThan(1_800);
});

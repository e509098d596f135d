import { expect, test } from 'vitest';
import { damageAndRead } from './test-damage.ts';

test('a hundred thousand damaged texts make no reader throw or lose its place', () => {
  expect(damageAndRead(100_000, 2)).toEqual([]);
});

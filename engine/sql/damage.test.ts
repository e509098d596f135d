import { expect, test } from 'vitest';
import { damageAndRead } from './test-damage.ts';

test('no damage to a text makes a reader throw or lose its place', () => {
  expect(damageAndRead(400, 1)).toEqual([]);
});

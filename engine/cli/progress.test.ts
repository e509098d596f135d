import { expect, test } from 'vitest';
import { readLine } from './progress.ts';

test.each([
  [0, 12, '0 % of 12 bytes'],
  [999, 1_000, '99 % of 1.0 kB'],
  [540_000_000, 1_200_000_000, '45 % of 1.2 GB'],
  [0, 0, '100 % of 0 bytes'],
])('%i of %i', (bytes, of, expected) => {
  expect(readLine({ bytes, of })).toBe(expected);
});

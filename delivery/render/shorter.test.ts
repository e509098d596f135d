import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shorterAndShorter } from './shorter.ts';

const atMost = (name: string, length: number) => shorterAndShorter(name).find((one) => one.length <= length);

test.each([
  ["PANTRY & SON'S #4 / MARIGOLD FERRY", 24, 'PANTRY &\u2026 #4 / MARIGOL\u2026'],
  ['BRIGHT BASKET #24 / MONSOON POINT', 24, 'BRIGHT BA\u2026 #24 / MONSOO\u2026'],
  ['RAIN OR SHINE GROCERIES (2499)', 22, 'RAIN OR SHINE\u2026 (2499)'],
  ['STEPWELL NO SUGAR TAMARIND DRINK 375ML', 22, 'STEPWELL NO SUG\u2026 375ML'],
  ["O'MANGO'S GENERAL STORE, MARIGOLD FERRY", 22, "O'MANGO'\u2026ARIGOLD FERRY"],
])('%s in %i letters', (name, length, wanted) => {
  expect(atMost(name, length)).toBe(wanted);
});

test('whatever the name, every word with a digit stays whole', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (name) => {
      const numbers = name.match(/\S*\p{Nd}\S*/gu) ?? [];
      for (const shorter of shorterAndShorter(name)) {
        for (const number of numbers) expect(shorter).toContain(number);
      }
    }),
  );
});

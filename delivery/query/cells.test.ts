import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellOf } from './cells.ts';

test('values keep every digit', () => {
  expect(cellOf('123456789012345678901234567890.10', 'decimal')).toBe('123456789012345678901234567890.10');
  expect(cellOf('9007199254740993', 'integer')).toBe('9007199254740993');
  expect(cellOf(42, 'integer')).toBe('42');
  expect(cellOf('2021-12-21 08:00:00', 'timestamp')).toBe('2021-12-21T08:00:00');
  expect(cellOf({ a: [1] }, 'json')).toBe('{"a":[1]}');
  expect([cellOf(null, 'text'), cellOf(true, 'boolean'), cellOf('NaN', 'decimal'), cellOf(Infinity, 'float')]).toEqual([
    null,
    true,
    null,
    null,
  ]);
});

test('a float is written out and means the same', () => {
  expect([1.5e-7, -2e21, 1.25e22, 0.1].map((value) => cellOf(value, 'float'))).toEqual([
    '0.00000015',
    '-2000000000000000000000',
    '12500000000000000000000',
    '0.1',
  ]);
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const cell = cellOf(value, 'float');
      expect(cell).toMatch(/^-?\d+(\.\d+)?$/);
      expect(Number(cell) === value).toBe(true);
    }),
  );
});

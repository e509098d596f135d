import { expect, test } from 'vitest';
import { diffRows, showRowDiffs } from './row-diff.ts';

const show = (expected: Record<string, string | null>[], actual: Record<string, string | null>[], key: string[] = []) =>
  showRowDiffs(diffRows(expected, actual, key), key);

test('rows in another order are the same; rows count as often as they are there', () => {
  expect(show([{ a: '1' }, { a: '2' }], [{ a: '2' }, { a: '1' }])).toEqual([]);
  expect(show([{ a: '1' }, { a: '1' }], [{ a: '1' }])).toEqual(['- a: 1']);
  expect(show([{ a: '1' }], [{ a: '1' }, { a: null }])).toEqual(['+ a: null']);
});

test('rows of one key stand side by side with the cells that differ', () => {
  expect(
    show(
      [
        { id: '1', n: '2', m: '3' },
        { id: '2', n: '5', m: '5' },
      ],
      [
        { id: '1', n: '4', m: '3' },
        { id: '3', n: '5', m: '5' },
      ],
      ['id'],
    ),
  ).toEqual(['~ id: 1  n: 2 -> 4', '- id: 2  n: 5  m: 5', '+ id: 3  n: 5  m: 5']);
});

test('without a key the nearest row stands beside, if it is near at all', () => {
  expect(
    show(
      [{ a: '1', b: '2', c: '3' }],
      [
        { a: '9', b: '9', c: '9' },
        { a: '1', b: '2', c: null },
      ],
    ),
  ).toEqual(['~ a: 1  b: 2  c: 3 -> null', '+ a: 9  b: 9  c: 9']);
});

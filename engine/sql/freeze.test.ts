import { expect, test } from 'vitest';
import { freezeClock } from './freeze.ts';

const at = new Date('2021-09-01T20:00:00Z');
const instant = "timestamptz '2021-09-01T20:00:00.000Z'";

test.each([
  ['select now()', `select ${instant}`],
  ['select NOW ( ) - 1', `select ${instant} - 1`],
  ['select current_date, Current_Timestamp', `select date '2021-09-02', ${instant}`],
  ["select 'now()', t.now, now -- now()", "select 'now()', t.now, now -- now()"],
  ['select current_date', "select date '2021-09-02'"],
])('%s', (text, frozen) => {
  expect(freezeClock(text, 'postgres', at, '2021-09-02')).toBe(frozen);
});

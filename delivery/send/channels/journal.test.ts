import { expect, test } from 'vitest';
import { judgeJournal } from './journal.ts';

const minute = 60_000;
const startedAt = new Date('2021-12-22T02:30:00Z');
const after = (minutes: number) => ({
  startedAt,
  settle: 30 * minute,
  now: new Date(startedAt.getTime() + minutes * minute),
});

test('a copy proves it, however early; no copy proves nothing before its time or without another', () => {
  const judged = (copy: boolean, proved: boolean, minutes: number) =>
    judgeJournal({ copy, proved }, after(minutes)).kind;
  expect([0, 29, 30, 9999].map((minutes) => judged(true, false, minutes))).toEqual(['sent', 'sent', 'sent', 'sent']);
  expect([0, 29.99, 30, 9999].map((minutes) => judged(false, true, minutes))).toEqual([
    'unknown',
    'unknown',
    'not-sent',
    'not-sent',
  ]);
  expect([0, 30, 9999].map((minutes) => judged(false, false, minutes))).toEqual(['unknown', 'unknown', 'unknown']);
});

test('a person is asked when the time to settle and the wait for a canary are over', () => {
  expect(judgeJournal({ copy: false, proved: false }, after(1))).toMatchObject({ until: after(30).now });
  expect(judgeJournal({ copy: false, proved: false }, after(31))).toMatchObject({ until: after(35).now });
});

import { expect, test } from 'vitest';
import { dayReportedAt, daysOf, parseDay, slotOf } from './period.ts';

test('a day has its slot in every period', () => {
  expect((['day', 'week', 'month'] as const).map((period) => slotOf('2021-12-21', period))).toEqual([
    '2021-12-21',
    '2021-W51',
    '2021-12',
  ]);
  expect(daysOf('2021-12-21', 'week')).toEqual({ from: '2021-12-20', until: '2021-12-27' });
  expect(daysOf('2021-12-21', 'month')).toEqual({ from: '2021-12-01', until: '2022-01-01' });
});

test('a tick reports about the last whole period before its local day', () => {
  const monday = new Date('2021-12-27T02:30:00Z');
  expect(dayReportedAt(monday, 'day', 'Asia/Kolkata')).toBe('2021-12-26');
  expect(slotOf(dayReportedAt(monday, 'week', 'Asia/Kolkata'), 'week')).toBe('2021-W51');
  expect(slotOf(dayReportedAt(monday, 'month', 'Asia/Kolkata'), 'month')).toBe('2021-11');
  // Half past midnight in Kolkata is still the day before in UTC: the local day counts.
  expect(dayReportedAt(new Date('2021-12-26T19:00:00Z'), 'day', 'Asia/Kolkata')).toBe('2021-12-26');
});

test('people may write a day, a week or a month', () => {
  expect(['2021-12-21', '2021-W51', '2021-12', '2021-13', 'yesterday'].map(parseDay)).toEqual([
    '2021-12-21',
    '2021-12-20',
    '2021-12-01',
    undefined,
    undefined,
  ]);
});

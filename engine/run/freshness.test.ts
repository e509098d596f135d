import { expect, test } from 'vitest';
import { judge } from './freshness.ts';

const calendar = { timezone: 'America/Chicago', weekStarts: 0 };
const limits = { warn_after: { count: 1, unit: 'day' }, error_after: { count: 2, unit: 'day' } } as const;
const until = Date.parse('2021-11-07T05:00:00Z');
const hours = (count: number) => until + count * 3_600_000;

test('ages count on the business calendar: the day on which clocks go back has 25 hours', () => {
  expect(judge(until, limits, hours(25), calendar)).toBe('fresh');
  expect(judge(until, limits, hours(25) + 1, calendar)).toBe('late');
  expect(judge(until, limits, hours(49) + 1, calendar)).toBe('too late');
  expect(judge(until, undefined, hours(999), calendar)).toBe('no limit');
  expect(judge(undefined, limits, hours(0), calendar)).toBe('no limit');
});

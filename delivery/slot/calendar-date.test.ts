import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  isCalendarDate,
  isoWeekday,
  isoWeekName,
  mondayOf,
  mondayOfWeekName,
} from './calendar-date.ts';

const days = fc.integer({ min: 0, max: 60_000 }).map((offset) => addDays('1950-01-01', offset));

test('a day that does not exist is no day', () => {
  expect(['2021-02-30', '2021-2-03', '21-02-03', 'today', '2021-13-01'].map(isCalendarDate)).toEqual(
    Array(5).fill(false),
  );
  expect(isCalendarDate('2024-02-29')).toBe(true);
});

test('weeks are named by the year of their Thursday', () => {
  expect(isoWeekName('2021-12-21')).toBe('2021-W51');
  expect(isoWeekName('2021-01-03')).toBe('2020-W53');
  expect(isoWeekName('2024-12-30')).toBe('2025-W01');
  expect(mondayOfWeekName('2021-W53')).toBeUndefined();
});

test('every day is in the week that its name gives back', () => {
  fc.assert(
    fc.property(days, (day) => {
      const monday = mondayOfWeekName(isoWeekName(day));
      expect(monday).toBe(mondayOf(day));
      expect(monday && isoWeekday(monday)).toBe(1);
      expect(monday && day >= monday && day < addDays(monday, 7)).toBe(true);
    }),
  );
});

test('months step over years in both directions', () => {
  expect(addMonths('2021-12-15', 1)).toBe('2022-01-01');
  expect(addMonths('2021-01-31', -1)).toBe('2020-12-01');
});

import { expect, test } from 'vitest';
import { wholeDays } from './coverage.ts';

const calendar = { timezone: 'Asia/Kolkata', weekStarts: 0 };
const hour = 3_600_000;

test('hours that follow each other cover the days they fill, though no hour is a day', () => {
  const first = Date.UTC(2021, 8, 1, 18);
  const hours = Array.from({ length: 50 }, (_, index) => ({
    from: first + index * hour,
    until: first + (index + 1) * hour,
  }));
  expect(wholeDays(hours, calendar)).toEqual([{ from: '2021-09-02', until: '2021-09-04' }]);
  expect(wholeDays(hours.toSpliced(30, 1), calendar)).toEqual([{ from: '2021-09-02', until: '2021-09-03' }]);
  expect(wholeDays(hours.slice(0, 20), calendar)).toEqual([]);
});

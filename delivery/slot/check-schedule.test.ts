import { expect, test } from 'vitest';
import type { Report } from '../report/schema.ts';
import { checkSchedule } from './check-schedule.ts';

const now = new Date('2021-12-21T00:00:00Z');

function messages(schedule: Report['schedule'], period: Report['period'] = 'day'): string[] {
  const placeOf = (path: readonly PropertyKey[]) => ({ line: 2, column: path.at(-1) === 'cron' ? 13 : 40 });
  const report = { name: 'sales', path: 'reports/sales/report.yml', period, schedule, placeOf } as unknown as Report;
  return checkSchedule(report, 'Asia/Kolkata', now).map(
    ({ file, line, column, message }) => `${file}:${line}:${column} ${message}`,
  );
}

test('a schedule that ticks once a period is right', () => {
  expect(messages(undefined)).toEqual([]);
  expect(messages({ cron: '0 8 * * *', timezone: 'Asia/Kolkata' })).toEqual([]);
  expect(messages({ cron: '0 8 1 * *' }, 'month')).toEqual([]);
});

test('a wrong pattern, a wrong zone and one tick too many are named at their line', () => {
  expect(messages({ cron: '0 8 * *' })).toEqual([
    expect.stringMatching(/^reports\/sales\/report\.yml:2:13 schedule "0 8 \* \*": invalid configuration format/),
  ]);
  expect(messages({ cron: '0 8 * * *', timezone: 'Asia/Calcuta' })).toEqual([
    'reports/sales/report.yml:2:40 "Asia/Calcuta" is no time zone; write one such as Asia/Kolkata',
  ]);
  expect(messages({ cron: '0 8,9 * * *' })[0]).toContain('it ticks more than once for the day');
});

import { expect, test } from 'vitest';
import { parseDay, startOfDay } from '../time/zone.ts';
import { dayMarks } from './day-marks.ts';

const calendar = { timezone: 'Asia/Kolkata', weekStarts: 0 } as const;
const at = (day: string) => startOfDay(calendar.timezone, parseDay(day) ?? 0);
const range = (from: string, until: string) => ({ from: at(from), until: at(until) });

test('each day has its sign', () => {
  const hour = 3_600_000;
  const half = { from: at('2022-01-05'), until: at('2022-01-05') + 12 * hour };
  expect(
    dayMarks(
      {
        current: [range('2022-01-01', '2022-01-03'), half],
        stale: [range('2022-01-03', '2022-01-04')],
        missing: [range('2022-01-06', '2022-01-07')],
      },
      calendar,
    ),
  ).toEqual({ first: '2022-01-01', marks: 'ccs.5m' });
});

test('of many years the newest days are shown, and of nothing nothing', () => {
  const days = dayMarks({ current: [range('2010-01-01', '2022-01-01')], stale: [], missing: [] }, calendar);
  expect(days?.marks).toBe('c'.repeat(1461));
  expect(days?.first).toBe('2018-01-01');
  expect(dayMarks({ current: [], stale: [], missing: [] }, calendar)).toBeUndefined();
});

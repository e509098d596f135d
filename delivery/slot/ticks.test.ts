import { expect, test } from 'vitest';
import { faultOfSchedule, readTicks } from './ticks.ts';

const iso = (dates: Date[]) => dates.map((date) => date.toISOString());

test('a tick that is now has passed, and the stretch has its ends', () => {
  const ticks = readTicks('0 8 * * *', 'Asia/Kolkata');
  const now = new Date('2021-12-22T02:30:00.400Z');
  expect(iso(ticks.before(now, new Date('2021-12-21T02:30:00Z'), 10))).toEqual([
    '2021-12-22T02:30:00.000Z',
    '2021-12-21T02:30:00.000Z',
  ]);
  expect(iso(ticks.before(new Date('2021-12-22T02:29:59.999Z'), new Date('2021-12-21T02:30:01Z'), 10))).toEqual([]);
});

test('a fixed time ticks once a day through both clock changes', () => {
  for (const cron of ['30 2 * * *', '30 1 * * *']) {
    const ticks = readTicks(cron, 'America/New_York');
    const year = ticks.before(new Date('2026-12-31T23:00:00Z'), new Date('2026-01-01T12:00:00Z'), 1000);
    expect(year).toHaveLength(364);
  }
});

test('mistakes in a schedule are said in words', () => {
  const from = new Date('2026-01-01T00:00:00Z');
  const fault = (cron: string, period: 'day' | 'week' | 'month' | 'tick') =>
    faultOfSchedule(cron, 'America/New_York', period, from);
  expect(fault('0 8 * * *', 'day')).toBeUndefined();
  expect(fault('0 8 * * 1-5', 'day')).toBeUndefined();
  expect(fault('0 8 * * *', 'week')).toMatch(/more than once for the week 2025-W52|more than once for the week/);
  expect(fault('0 8 1 * *', 'month')).toBeUndefined();
  expect(fault('*/5 * * * *', 'tick')).toBeUndefined();
  expect(fault('0 8,20 * * *', 'day')).toMatch(/more than once for the day/);
  expect(fault('0 25 * * *', 'day')).toMatch(/25|hour/);
  expect(fault('0 8 30 2 *', 'day')).toBe('it never ticks');
});

import { expect, test } from 'vitest';
import { quietUntil } from './quiet-hours.ts';

const night = { from: '21:00', until: '08:00', timezone: 'Asia/Kolkata' };
const ends = (at: string, hours = night) => quietUntil(hours, new Date(at))?.toISOString();

test('quiet hours over midnight end in the morning', () => {
  expect(ends('2021-12-21T15:29:59Z')).toBeUndefined();
  expect(ends('2021-12-21T15:30:00Z')).toBe('2021-12-22T02:30:00.000Z');
  expect(ends('2021-12-21T20:00:00Z')).toBe('2021-12-22T02:30:00.000Z');
  expect(ends('2021-12-22T02:29:59Z')).toBe('2021-12-22T02:30:00.000Z');
  expect(ends('2021-12-22T02:30:00Z')).toBeUndefined();
});

test('quiet hours within a day', () => {
  const noon = { from: '13:00', until: '15:30', timezone: 'Asia/Kolkata' };
  expect(ends('2021-12-21T07:29:00Z', noon)).toBeUndefined();
  expect(ends('2021-12-21T07:30:00Z', noon)).toBe('2021-12-21T10:00:00.000Z');
  expect(ends('2021-12-21T10:00:00Z', noon)).toBeUndefined();
});

test('a night with a change of the clock ends when clocks show its end', () => {
  const chicago = { ...night, timezone: 'America/Chicago' };
  expect(ends('2021-03-14T05:00:00Z', chicago)).toBe('2021-03-14T13:00:00.000Z');
  expect(ends('2021-11-07T04:00:00Z', chicago)).toBe('2021-11-07T14:00:00.000Z');
});

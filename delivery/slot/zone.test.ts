import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from './calendar-date.ts';
import { instantOf, localTime } from './zone.ts';

test('half-hour zones and clock changes', () => {
  expect(instantOf('2021-12-21', '08:00', 'Asia/Kolkata').toISOString()).toBe('2021-12-21T02:30:00.000Z');
  expect(instantOf('2026-03-08', '02:30', 'America/New_York').toISOString()).toBe('2026-03-08T07:00:00.000Z');
  expect(instantOf('2026-11-01', '01:30', 'America/New_York').toISOString()).toBe('2026-11-01T05:30:00.000Z');
});

test('what a clock shows leads back to the instant, except in the hour that autumn repeats', () => {
  const zones = ['Asia/Kolkata', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'UTC', 'Pacific/Apia'];
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4000 }),
      fc.integer({ min: 0, max: 1439 }),
      fc.constantFrom(...zones),
      (day, minute, zone) => {
        const at = new Date(Date.parse(`${addDays('2018-01-01', day)}T00:00:00Z`) + minute * 60_000);
        const { date, time } = localTime(at, zone);
        const back = instantOf(date, time.slice(0, 5), zone);
        expect(localTime(back, zone)).toEqual({ date, time });
        expect(at.getTime() - back.getTime()).toBeGreaterThanOrEqual(0);
        expect(at.getTime() - back.getTime()).toBeLessThanOrEqual(3_600_000);
      },
    ),
    { numRuns: 300 },
  );
});

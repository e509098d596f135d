import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCron, wrongCron } from './cron.ts';
import { wallTimeAt } from './zone.ts';

const zones = ['Asia/Kolkata', 'America/Chicago', 'Australia/Lord_Howe', 'America/Havana', 'Africa/Casablanca', 'UTC'];
const minute = 60_000;
const day = 24 * 60 * minute;
const zone = fc.constantFrom(...zones);
const start = fc.integer({ min: Date.UTC(2024, 0, 1) / minute, max: Date.UTC(2027, 0, 1) / minute });
const hours = fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: 1, maxLength: 3 });
const minuteOfHour = fc.integer({ min: 0, max: 59 });

function walk(cron: string, timezone: string, from: number, until: number): number[] {
  const ticks = readCron(cron, timezone);
  const all: number[] = [];
  for (let at = ticks.after(from); at !== undefined && at <= until; at = ticks.after(at)) all.push(at);
  return all;
}

test('a stepping pattern ticks at every minute whose wall clock fits, and at no other', () => {
  fc.assert(
    fc.property(zone, start, fc.constantFrom(1, 5, 15, 30), (timezone, first, step) => {
      const from = first * minute;
      const expected: number[] = [];
      for (let at = from + minute; at <= from + 3 * day; at += minute) {
        if ((wallTimeAt(timezone, at) / minute) % step === 0) expected.push(at);
      }
      expect(walk(`*/${step} * * * *`, timezone, from, from + 3 * day)).toEqual(expected);
    }),
    { numRuns: 3 },
  );
});

test('a fixed time ticks once on every day of any year: after the gap in spring, the first time in autumn', () => {
  fc.assert(
    fc.property(zone, fc.integer({ min: 2022, max: 2028 }), minuteOfHour, hours, (timezone, year, at, chosen) => {
      const from = Date.UTC(year, 0, 2);
      const ticks = walk(`${at} ${chosen.join(',')} * * *`, timezone, from, from + 360 * day);
      const walls = ticks.map((tick) => wallTimeAt(timezone, tick));
      const wanted = new Set<number>();
      for (let civil = from / day - 1; civil <= from / day + 361; civil += 1) {
        for (const hour of chosen) wanted.add(civil * day + (hour * 60 + at) * minute);
      }
      // Every wall time that exists in the stretch is met once; one in a gap is met at the gap's end.
      const [first, last] = [walls[0] ?? 0, walls.at(-1) ?? 0];
      const met = new Set(walls);
      expect(met.size).toBe(walls.length);
      for (const wall of wanted) {
        if (wall < first || wall > last || met.has(wall)) continue;
        const next = walls.find((one) => one > wall) ?? 0;
        expect(next - wall, `${timezone} ${new Date(wall).toISOString()}`).toBeLessThanOrEqual(60 * minute);
      }
      expect(walls.filter((wall) => !wanted.has(wall)).length).toBeLessThanOrEqual(2 * chosen.length);
    }),
    { numRuns: 10 },
  );
});

test('asked in pieces, forwards or backwards, the ticks are the same: none lost, none doubled', () => {
  const pattern = fc.oneof(
    fc.tuple(minuteOfHour, hours).map(([at, chosen]) => `${at} ${chosen.join(',')} * * *`),
    fc.constantFrom('*/20 1-3 * * *', '30 * * * *', '0 0 * * *', '15 2 * * 0', '0 6 1 * *'),
  );
  fc.assert(
    fc.property(
      zone,
      start,
      pattern,
      fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 40 }),
      (timezone, first, cron, pieces) => {
        const from = first * minute;
        let cursor = from;
        const collected: number[] = [];
        for (const piece of pieces) {
          const now = cursor + piece * minute;
          collected.push(...readCron(cron, timezone).latest(cursor, now, 10_000));
          cursor = now;
        }
        expect(collected).toEqual(walk(cron, timezone, from, cursor));
      },
    ),
    { numRuns: 30 },
  );
});

test('clock changes, by hand', () => {
  const chicago = (cron: string, from: string, until: string) =>
    walk(cron, 'America/Chicago', Date.parse(from), Date.parse(until)).map((at) =>
      new Date(at).toISOString().slice(0, 16),
    );
  expect(chicago('30 2 * * *', '2026-03-07T12:00Z', '2026-03-09T12:00Z')).toEqual([
    '2026-03-08T08:00',
    '2026-03-09T07:30',
  ]);
  expect(chicago('30 1 * * *', '2026-10-31T12:00Z', '2026-11-02T12:00Z')).toEqual([
    '2026-11-01T06:30',
    '2026-11-02T07:30',
  ]);
});

test('a wrong pattern is said in words', () => {
  expect(wrongCron('45 1 * * *', 'Asia/Kolkata')).toBeUndefined();
  expect(wrongCron('0 8 30 2 *', 'UTC')).toBe('it never ticks');
  expect(wrongCron('0 25 * * *', 'UTC')).toMatch(/25|hour/);
  expect(wrongCron('* * * * * *', 'UTC')).toBeDefined();
});

test.each([
  ['0 26 * * *', 'the hour "26" is none: 0 to 23, *, lists, ranges and steps'],
  [
    '61 2 32 * *',
    'the minute "61" is none: 0 to 59, *, lists, ranges and steps; the day "32" is none: 1 to 31, L, *, lists, ranges and steps',
  ],
  ['0 2 * * FRY', 'the weekday "FRY" is none: 0 to 7, SUN to SAT, *, lists, ranges and steps'],
  ['0 2 * *', 'a cron has five fields (minute, hour, day, month, weekday), this has 4'],
  ['0 0 2 * * *', 'a cron has five fields (minute, hour, day, month, weekday), this has 6'],
  ['', 'a cron has five fields (minute, hour, day, month, weekday), this has 0'],
  ['0 0 30 2 *', 'it never ticks'],
  ['45 1 * * MON-FRI', undefined],
  ['0 0 L * *', undefined],
])('what is wrong with "%s"', (pattern, expected) => {
  expect(wrongCron(pattern, 'Asia/Kolkata')).toBe(expected);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  batchesOf,
  type Calendar,
  floorTo,
  grains,
  nextAfter,
  parseDuration,
  shift,
  showEdge,
  widen,
  windowsOf,
} from './grain.ts';
import { instantOf, parseDay, startOfDay, wallTimeAt } from './zone.ts';

const zones = ['UTC', 'Asia/Kolkata', 'America/Chicago', 'Australia/Lord_Howe', 'America/Sao_Paulo', 'Asia/Kathmandu'];
const calendar = fc.record({ timezone: fc.constantFrom(...zones), weekStarts: fc.integer({ min: 0, max: 6 }) });
const instant = fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2027, 0, 1) });

const inZone = (timezone: string): Calendar => ({ timezone, weekStarts: 0 });
const dayOf = (text: string, zone: string) => startOfDay(zone, parseDay(text) as number);

test('windows of every grain and zone lie end to end and each holds its instants', () => {
  fc.assert(
    fc.property(fc.constantFrom(...grains), calendar, instant, (grain, cal, at) => {
      const from = floorTo(grain, at, cal);
      const until = nextAfter(grain, at, cal);
      expect(from).toBeLessThanOrEqual(at);
      expect(until).toBeGreaterThan(at);
      expect(floorTo(grain, until - 1, cal)).toBe(from);
      expect(floorTo(grain, until, cal)).toBe(until);
      expect(floorTo(grain, from, cal)).toBe(from);
    }),
    { numRuns: 150 },
  );
});

test('a day over a clock change has 23, 25 or 23.5 hours, and its hours are all there', () => {
  const hours = (text: string, zone: string) => {
    const from = dayOf(text, zone);
    return (nextAfter('day', from, inZone(zone)) - from) / 3_600_000;
  };
  expect(hours('2021-03-14', 'America/Chicago')).toBe(23);
  expect(hours('2021-11-07', 'America/Chicago')).toBe(25);
  expect(hours('2021-10-03', 'Australia/Lord_Howe')).toBe(23.5);
  expect(hours('2018-11-04', 'America/Sao_Paulo')).toBe(23);
  expect(hours('2021-11-07', 'Asia/Kolkata')).toBe(24);
});

test('a skipped local time is the moment of the change, a repeated one the first', () => {
  const chicago = 'America/Chicago';
  expect(instantOf(chicago, Date.UTC(2021, 2, 14, 2, 30))).toBe(Date.UTC(2021, 2, 14, 8));
  expect(instantOf(chicago, Date.UTC(2021, 10, 7, 1, 30))).toBe(Date.UTC(2021, 10, 7, 6, 30));
  expect(wallTimeAt('Asia/Kolkata', 0)).toBe(5.5 * 3_600_000);
});

test('a range is widened to whole windows', () => {
  const kolkata = inZone('Asia/Kolkata');
  const range = { from: dayOf('2021-12-21', 'Asia/Kolkata'), until: dayOf('2021-12-23', 'Asia/Kolkata') };
  const week = widen('week', range, kolkata);
  expect([showEdge('week', week.from, kolkata), showEdge('week', week.until, kolkata)]).toEqual([
    '2021-12-20',
    '2021-12-27',
  ]);
  expect(widen('day', range, kolkata)).toEqual(range);
  expect(widen('hour', range, kolkata)).toEqual({ from: range.from - 1_800_000, until: range.until + 1_800_000 });
});

test('batches cut a range into whole windows', () => {
  const kolkata = inZone('Asia/Kolkata');
  const range = { from: dayOf('2021-01-01', 'Asia/Kolkata'), until: dayOf('2021-01-11', 'Asia/Kolkata') };
  expect([...windowsOf('day', range, kolkata)]).toHaveLength(10);
  expect([...batchesOf('day', range, 4, kolkata)].map((b) => showEdge('day', b.until, kolkata))).toEqual([
    '2021-01-05',
    '2021-01-09',
    '2021-01-11',
  ]);
});

test('durations follow the calendar, not the clock', () => {
  const chicago = inZone('America/Chicago');
  const back = (text: string, duration: string) => {
    const parsed = parseDuration(duration);
    if (!parsed) throw new Error('no duration');
    return showEdge('day', shift(dayOf(text, 'America/Chicago'), parsed, -1, chicago), chicago);
  };
  expect(back('2021-03-20', '13d')).toBe('2021-03-07');
  expect(back('2021-03-31', '1mo')).toBe('2021-02-28');
  expect(parseDuration('13 days')).toBeUndefined();
});

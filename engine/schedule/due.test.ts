import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCron } from '../time/cron.ts';
import { dueTicks, firstSince } from './due.ts';

const at = (text: string) => Date.parse(text);
const minute = 60_000;

test('a tick comes when its time has come, once', () => {
  const ticks = readCron('45 1 * * *', 'Asia/Kolkata');
  const dag = { catchUp: 1 };
  const tick = at('2026-11-23T20:15:00Z');
  expect(dueTicks(dag, ticks, tick - 5 * minute, tick - 1)).toEqual({ due: [] });
  expect(dueTicks(dag, ticks, tick - 5 * minute, tick)).toEqual({ due: [tick] });
  expect(dueTicks(dag, ticks, tick, tick + minute)).toEqual({ due: [] });
});

test('after days away, the newest are run and the others are named', () => {
  const ticks = readCron('45 1 * * *', 'Asia/Kolkata');
  const due = dueTicks({ catchUp: 2 }, ticks, at('2026-11-01T00:00Z'), at('2026-11-10T00:00Z'));
  expect(due).toEqual({
    due: [at('2026-11-08T20:15Z'), at('2026-11-09T20:15Z')],
    skipped: { first: at('2026-11-01T20:15Z'), last: at('2026-11-07T20:15Z') },
  });
});

test('a dag that is new makes up no history, unless it says from when', () => {
  const now = at('2026-11-23T12:00Z');
  expect(firstSince(undefined, 'Asia/Kolkata', now)).toBe(now);
  expect(firstSince('2026-11-01', 'Asia/Kolkata', now)).toBe(at('2026-10-31T18:30Z') - 1);
});

test('however late and often it is asked, over any clock change, each tick comes once or is among those passed over', () => {
  const crons = fc.constantFrom('45 1 * * *', '30 2,14 * * *', '*/20 1-3 * * *', '0 * * * *', '15 0 * * 0');
  const zones = fc.constantFrom('America/Chicago', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Africa/Casablanca');
  const start = fc.integer({ min: at('2025-01-01') / minute, max: at('2027-01-01') / minute });
  const pauses = fc.array(fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 9000 })), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(crons, zones, start, pauses, fc.integer({ min: 1, max: 5 }), (cron, zone, first, waits, catchUp) => {
      const ticks = readCron(cron, zone);
      let since = first * minute;
      let now = since;
      const run: number[] = [];
      const passed: { first: number; last: number }[] = [];
      for (const wait of waits) {
        now += wait * minute;
        const { due, skipped } = dueTicks({ catchUp }, ticks, since, now);
        expect(due.length).toBeLessThanOrEqual(catchUp);
        run.push(...due);
        if (skipped) passed.push(skipped);
        since = due.at(-1) ?? since;
      }
      const all = ticks.latest(first * minute, now, 100_000);
      const expected = all.filter((tick) => !passed.some((one) => tick >= one.first && tick <= one.last));
      expect(run).toEqual(expected);
      for (const { first: from, last } of passed) expect(all).toEqual(expect.arrayContaining([from, last]));
    }),
    { numRuns: 50 },
  );
});

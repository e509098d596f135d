import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Backlog, dueSlots } from './due.ts';
import type { SlotRule } from './slot.ts';
import { readTicks } from './ticks.ts';

const kolkata: SlotRule = { report: 'daily', period: 'day', timezone: 'Asia/Kolkata', deadline: '11:00' };
const eight = readTicks('0 8 * * *', 'Asia/Kolkata');

function due(now: string, since: string, held: string[] = [], backlog: Backlog = 'latest', rule = kolkata) {
  const history = { since: new Date(since), holds: (slot: string) => held.includes(slot) };
  return dueSlots(rule, eight, backlog, history, new Date(now)).map((one) => `${one.kind} ${one.slot.id}`);
}

test('a report that was never seen before sends no history', () => {
  expect(due('2021-12-22T02:29:00Z', '2021-12-22T02:00:00Z')).toEqual([]);
  expect(due('2021-12-22T02:30:00Z', '2021-12-22T02:00:00Z')).toEqual(['open 2021-12-21']);
});

test('a machine that boots late sends each due slot once, whenever it asks', () => {
  expect(
    due('2021-12-22T09:00:00Z', '2021-12-01T00:00:00Z', ['2021-12-20'].concat(days('2021-12-', 1, 19), '2021-11-30')),
  ).toEqual(['open 2021-12-21']);
  const all = days('2021-12-', 1, 21).concat('2021-11-30');
  expect(due('2021-12-22T09:00:01Z', '2021-12-01T00:00:00Z', all)).toEqual([]);
});

test('a backlog follows its rule, and what is left out is named', () => {
  const since = '2021-12-20T00:00:00Z';
  const now = '2021-12-22T09:00:00Z';
  expect(due(now, since)).toEqual(['skip 2021-12-19', 'skip 2021-12-20', 'open 2021-12-21']);
  expect(due(now, since, [], 'all')).toEqual(['open 2021-12-19', 'open 2021-12-20', 'open 2021-12-21']);
  expect(due(now, since, [], 'none')).toEqual(['skip 2021-12-19', 'skip 2021-12-20', 'skip 2021-12-21']);
  expect(due('2021-12-22T02:35:00Z', since, [], 'none').at(-1)).toBe('open 2021-12-21');
});

test('what is no longer useful is not opened', () => {
  expect(
    due('2021-12-22T09:00:00Z', '2021-12-22T00:00:00Z', [], 'latest', { ...kolkata, usefulFor: 3_600_000 }),
  ).toEqual(['skip 2021-12-21']);
});

test('the deadline is the next time local clocks show it', () => {
  const history = { since: new Date('2021-12-22T00:00:00Z'), holds: () => false };
  const [one] = dueSlots(kolkata, eight, 'latest', history, new Date('2021-12-22T03:00:00Z'));
  expect(one?.slot.deadline?.toISOString()).toBe('2021-12-22T05:30:00.000Z');
  const night = readTicks('0 23 * * *', 'Asia/Kolkata');
  const [late] = dueSlots(kolkata, night, 'latest', history, new Date('2021-12-22T18:00:00Z'));
  expect(late?.slot.deadline?.toISOString()).toBe('2021-12-23T05:30:00.000Z');
});

test('over a year with both clock changes, asked at any times, every slot is opened exactly once', () => {
  const zones = ['America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe'];
  const crons = ['30 2 * * *', '30 1 * * *', '0 8 * * *', '59 23 * * *', '0 0 * * *'];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom(...crons),
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 20, maxLength: 60 }),
      (timezone, cron, gaps) => {
        const ticks = readTicks(cron, timezone);
        const rule: SlotRule = { report: 'r', period: 'day', timezone };
        const opened: string[] = [];
        // As the ledger does: the newest slot it holds is where looking back ends.
        let since = new Date('2026-01-01T12:00:00Z');
        let now = since.getTime();
        for (const hours of gaps) {
          now += hours * 3_600_000;
          const history = { since, holds: (slot: string) => opened.includes(slot) };
          for (const { slot } of dueSlots(rule, ticks, 'all', history, new Date(now))) {
            opened.push(slot.id);
            since = slot.tick;
          }
        }
        expect(new Set(opened).size).toBe(opened.length);
        expect([...opened].sort()).toEqual(opened);
        const first = opened[0];
        const last = opened.at(-1);
        if (first && last) {
          expect(opened.length).toBe((Date.parse(last) - Date.parse(first)) / 86_400_000 + 1);
        }
      },
    ),
    { numRuns: 8 },
  );
});

function days(month: string, from: number, until: number): string[] {
  return Array.from({ length: until - from + 1 }, (_, index) => `${month}${String(from + index).padStart(2, '0')}`);
}

import { describe, expect, test } from 'vitest';
import type { Backlog } from './due.ts';
import { simulateSlots } from './simulate.ts';
import type { SlotRule } from './slot.ts';
import { readTicks } from './ticks.ts';
import { localTime } from './zone.ts';

// Named after the threads in which users of other products describe what went wrong.

const at = (text: string) => new Date(text);
const rule: SlotRule = { report: 'daily', period: 'day', timezone: 'Asia/Kolkata' };

interface Scene {
  readonly cron?: string;
  readonly zone?: string;
  readonly backlog?: Backlog;
  readonly from: string;
  readonly until: string;
  readonly asleep?: readonly (readonly [string, string])[];
  readonly usefulFor?: number;
}

function play({ cron = '0 8 * * *', zone = 'Asia/Kolkata', backlog = 'latest', usefulFor, ...scene }: Scene) {
  const useful = usefulFor === undefined ? {} : { usefulFor };
  const own = { ...rule, timezone: zone, ...useful };
  const asleep = (scene.asleep ?? []).map(([from, until]) => ({ from: at(from), until: at(until) }));
  const over = { from: at(scene.from), until: at(scene.until) };
  return simulateSlots(own, readTicks(cron, zone), backlog, over, asleep);
}
const opened = (scene: Scene) => play(scene).flatMap(({ kind, slot }) => (kind === 'open' ? [slot.id] : []));

describe('slots, not timers', () => {
  test('late boot: a machine that starts at nine sends what was due at eight once, and tomorrow as usual (metabase 47949)', () => {
    const late = play({
      from: '2021-12-21T00:00:00Z',
      until: '2021-12-23T12:00:00Z',
      asleep: [['2021-12-21T20:00:00Z', '2021-12-22T03:30:00Z']],
    });
    expect(late.map(({ slot, at: when }) => `${slot.id} ${localTime(when, 'Asia/Kolkata').time}`)).toEqual([
      '2021-12-20 08:00:00',
      '2021-12-21 09:00:00',
      '2021-12-22 08:00:00',
    ]);
  });

  test('a restart one minute before due, and one across it, miss nothing (metabase 58004)', () => {
    const day = { from: '2021-12-22T00:00:00Z', until: '2021-12-22T12:00:00Z' };
    expect(opened({ ...day, asleep: [['2021-12-22T02:28:00Z', '2021-12-22T02:29:00Z']] })).toEqual(['2021-12-21']);
    expect(opened({ ...day, asleep: [['2021-12-22T02:29:59Z', '2021-12-22T02:30:01Z']] })).toEqual(['2021-12-21']);
    expect(opened({ ...day, asleep: [['2021-12-22T02:29:59Z', '2021-12-22T02:30:00Z']] })).toEqual(['2021-12-21']);
  });

  test('after a week away the newest goes and the rest is named: no storm (metabase 55723)', () => {
    const week = {
      from: '2021-12-13T00:00:00Z',
      until: '2021-12-21T12:00:00Z',
      asleep: [['2021-12-13T01:00:00Z', '2021-12-20T04:00:00Z']],
    } as const;
    const entered = play(week);
    expect(opened(week)).toEqual(['2021-12-19', '2021-12-20']);
    expect(entered.filter(({ kind }) => kind === 'skip').map(({ slot }) => slot.id)).toEqual(
      ['12', '13', '14', '15', '16', '17', '18'].map((day) => `2021-12-${day}`),
    );
    expect(opened({ ...week, backlog: 'all' })).toHaveLength(9);
    expect(opened({ ...week, usefulFor: 3_600_000 })).toEqual(['2021-12-20']);
  });

  test('a zone of half an hour ticks at its own half hours (metabase 4398)', () => {
    const [first] = play({ from: '2021-12-22T00:00:00Z', until: '2021-12-22T12:00:00Z' });
    expect(first?.at.toISOString()).toBe('2021-12-22T02:30:00.000Z');
  });

  test.each([
    ['12:00 does not come at 11:00 and at 12:00 (celery 1604)', '0 12 * * *'],
    ['the hour that spring leaves out (celery 6438)', '30 2 * * *'],
    ['the hour that autumn repeats', '30 1 * * *'],
  ])('a year through both clock changes has each day once: %s', (_, cron) => {
    for (const zone of ['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe']) {
      const year = play({ cron, zone, from: '2026-01-01T18:00:00Z', until: '2027-01-01T18:00:00Z' });
      expect(new Set(year.map(({ slot }) => slot.id)).size).toBe(365);
      expect(year).toHaveLength(365);
      const times = new Set(year.map(({ at: when }) => localTime(when, zone).time));
      // Only the day of the gap has another time than the schedule's.
      expect([...times].length).toBeLessThanOrEqual(2);
    }
  });

  test('a machine that is off at both clock changes still has each day once', () => {
    const scene = {
      cron: '30 2 * * *',
      zone: 'America/New_York',
      backlog: 'all',
      from: '2026-03-01T00:00:00Z',
      until: '2026-12-01T00:00:00Z',
      asleep: [
        ['2026-03-08T03:00:00Z', '2026-03-08T09:00:00Z'],
        ['2026-11-01T03:00:00Z', '2026-11-01T06:30:00Z'],
      ],
    } as const;
    const days = opened(scene);
    expect(days).toHaveLength(275);
    expect([...days].sort()).toEqual(days);
    expect(new Set(days).size).toBe(275);
  });
});

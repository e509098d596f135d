import { describe, expect, test } from 'vitest';
import { holidaysOf } from './holidays.ts';
import { simulateSlots } from './simulate.ts';
import type { SlotRule } from './slot.ts';
import { readTicks } from './ticks.ts';
import { localTime } from './zone.ts';

const zone = 'Asia/Kolkata';
// A long weekend: Friday 25 December, Saturday that is worked, and every Sunday.
const isHoliday = holidaysOf(['2026-12-25', 'sunday']);

function play(on: 'skip' | 'previous' | 'next', period: SlotRule['period'], cron: string) {
  const rule: SlotRule = { report: 'r', period, timezone: zone, deadline: '11:00', holidays: { on, isHoliday } };
  const over = { from: new Date('2026-12-23T00:00:00Z'), until: new Date('2026-12-29T00:00:00Z') };
  return simulateSlots(rule, readTicks(cron, zone), 'latest', over).map(({ kind, slot, at }) => {
    const local = localTime(at, zone);
    return `${kind} ${slot.id} at ${local.date} ${local.time.slice(0, 5)}`;
  });
}

describe('a schedule that ticks on a holiday', () => {
  test('skip: the slot is named and left out', () => {
    expect(play('skip', 'day', '0 8 * * *')).toEqual([
      'open 2026-12-22 at 2026-12-23 08:00',
      'open 2026-12-23 at 2026-12-24 08:00',
      'skip 2026-12-24 at 2026-12-25 08:00',
      'open 2026-12-25 at 2026-12-26 08:00',
      'skip 2026-12-26 at 2026-12-27 08:00',
      'open 2026-12-27 at 2026-12-28 08:00',
    ]);
  });

  test('next: it comes on the working day after, beside that day’s own, and is no backlog', () => {
    expect(play('next', 'day', '0 8 * * *')).toEqual([
      'open 2026-12-22 at 2026-12-23 08:00',
      'open 2026-12-23 at 2026-12-24 08:00',
      'open 2026-12-24 at 2026-12-26 08:00',
      'open 2026-12-25 at 2026-12-26 08:00',
      'open 2026-12-26 at 2026-12-28 08:00',
      'open 2026-12-27 at 2026-12-28 08:00',
    ]);
  });

  test('previous: on the working day before where its period was over by then, else on the one after', () => {
    expect(play('previous', 'week', '0 8 * * 5')).toEqual(['open 2026-W51 at 2026-12-24 08:00']);
    expect(play('previous', 'day', '0 8 * * 5')).toEqual(['open 2026-12-24 at 2026-12-26 08:00']);
    expect(play('previous', 'tick', '0 8 * * 5')).toEqual(['open 2026-12-24T02:30:00Z at 2026-12-24 08:00']);
  });

  test('a calendar without a working day moves nothing out of reach and ends', () => {
    const rule: SlotRule = {
      report: 'r',
      period: 'day',
      timezone: zone,
      holidays: { on: 'next', isHoliday: () => true },
    };
    const over = { from: new Date('2026-12-23T00:00:00Z'), until: new Date('2026-12-29T00:00:00Z') };
    expect(simulateSlots(rule, readTicks('0 8 * * *', zone), 'latest', over).length).toBeLessThan(10);
  });
});

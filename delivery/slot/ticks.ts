import { Cron } from 'croner';
import { messageOf } from '#engine';
import { dayReportedAt, type Period, slotOf } from './period.ts';

/** A schedule whose pattern and zone have been read. Asking it never starts a timer. */
export interface Ticks {
  /** Ticks in `[since, now]`, newest first, at most `limit`. */
  readonly before: (now: Date, since: Date, limit: number) => Date[];
  readonly after: (now: Date) => Date | undefined;
}

/**
 * Reads a cron pattern in a time zone; throws an Error that says what is wrong with it. Fixed times (`0 8 * * *`,
 * `30 2,14 * * *`) tick once on a day whose clocks change: in spring just after the gap, in autumn the first time.
 */
export function readTicks(cron: string, timezone: string): Ticks {
  const pattern = new Cron(cron, { timezone, paused: true, mode: '5-or-6-parts', fixedTimeRule: 'no-wildcard' });
  return {
    before: (now, since, limit) => {
      const ticks: Date[] = [];
      // croner looks strictly before a whole second, and a tick may be now.
      let cursor = new Date(Math.floor(now.getTime() / 1000) * 1000 + 1000);
      while (ticks.length < limit) {
        const [tick] = pattern.previousRuns(1, cursor);
        if (tick === undefined || tick < since) break;
        ticks.push(tick);
        cursor = tick;
      }
      return ticks;
    },
    after: (now) => pattern.nextRun(now) ?? undefined,
  };
}

/**
 * What is wrong with a schedule, in words, or undefined. A cron that ticks oftener than its period would open a slot
 * that is already there: more than likely the person meant another period.
 */
export function faultOfSchedule(cron: string, timezone: string, period: Period, from: Date): string | undefined {
  let ticks: Ticks;
  try {
    ticks = readTicks(cron, timezone);
  } catch (error) {
    return messageOf(error).replace(/^CronPattern: /, '');
  }
  let previous: string | undefined;
  let at: Date | undefined = from;
  for (let count = 0; count < 800; count += 1) {
    at = ticks.after(at);
    if (at === undefined) return count === 0 ? 'it never ticks' : undefined;
    if (period === 'tick') return undefined;
    const slot = slotOf(dayReportedAt(at, period, timezone), period);
    if (slot === previous) return `it ticks more than once for the ${period} ${slot}`;
    previous = slot;
  }
  return undefined;
}

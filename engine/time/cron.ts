import { Cron } from 'croner';

/** A cron pattern read in a time zone. Instants in ms since the epoch. Asking it never starts a timer. */
export interface CronTicks {
  /** The first tick later than an instant; undefined for a pattern that never ticks again. */
  after(instant: number): number | undefined;
  /** The newest ticks in `(after, upTo]`, oldest first, at most `limit`. */
  latest(after: number, upTo: number, limit: number): number[];
}

/**
 * Reads a cron pattern of five fields; throws an Error in words for a wrong one. Fixed times (`45 1 * * *`,
 * `30 2,14 * * *`) tick once on a day whose clocks change: in spring just after the gap, in autumn the first time. Others
 * (`*\/15 * * * *`) tick whenever the zone's clock shows such a time.
 */
export function readCron(pattern: string, timezone: string): CronTicks {
  const cron = new Cron(pattern, { timezone, paused: true, mode: '5-part', fixedTimeRule: 'no-wildcard' });
  // Between an instant and its next tick lies no other: the latest answer serves until that tick has come.
  let asked = Number.POSITIVE_INFINITY;
  let answer: number | undefined;
  return {
    after(instant) {
      if (answer !== undefined && instant >= asked && instant < answer) return answer;
      asked = instant;
      answer = cron.nextRun(new Date(Math.floor(instant / 1000) * 1000))?.getTime();
      return answer;
    },
    latest(after, upTo, limit) {
      const ticks: number[] = [];
      // croner looks strictly before a whole second, and a tick may be now.
      let cursor = Math.floor(upTo / 1000) * 1000 + 1000;
      while (ticks.length < limit) {
        const tick = cron.previousRuns(1, new Date(cursor))[0]?.getTime();
        if (tick === undefined || tick <= after) break;
        ticks.push(tick);
        cursor = tick;
      }
      return ticks.reverse();
    },
  };
}

/** What is wrong with a pattern, in words; undefined for one that ticks. */
export function wrongCron(pattern: string, timezone: string): string | undefined {
  const given = pattern.trim().split(/\s+/).filter(Boolean);
  if (given.length !== fields.length)
    return `a cron has five fields (${fields.map(({ name }) => name).join(', ')}), this has ${given.length}`;
  const bad = fields.flatMap(({ name, values }, index) =>
    reads(fields.map((_, other) => (other === index ? given[index] : '*')).join(' '), timezone)
      ? []
      : [`the ${name} "${given[index]}" is none: ${values}, *, lists, ranges and steps`],
  );
  if (bad.length > 0) return bad.join('; ');
  return readCron(given.join(' '), timezone).after(Date.now()) === undefined ? 'it never ticks' : undefined;
}

const fields = [
  { name: 'minute', values: '0 to 59' },
  { name: 'hour', values: '0 to 23' },
  { name: 'day', values: '1 to 31, L' },
  { name: 'month', values: '1 to 12, JAN to DEC' },
  { name: 'weekday', values: '0 to 7, SUN to SAT' },
] as const;

function reads(pattern: string, timezone: string): boolean {
  try {
    readCron(pattern, timezone);
    return true;
  } catch {
    return false;
  }
}

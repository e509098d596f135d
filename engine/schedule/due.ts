import type { Dag } from '../project/dag.ts';
import type { CronTicks } from '../time/cron.ts';
import { parseDay, startOfDay } from '../time/zone.ts';

/** Ticks that have come. */
export interface Due {
  /** To be run, oldest first. */
  readonly due: readonly number[];
  /** Passed over, first and last: more than the dag makes up. */
  readonly skipped?: { readonly first: number; readonly last: number };
}

/**
 * The ticks of a dag in `(since, now]`. However late and however often it is asked, with `since` moved to the last tick
 * of each answer, every tick comes once, as one to run or among those passed over: at most `catchUp` are run.
 * A paused dag's ticks are passed over in silence.
 */
export function dueTicks(dag: Pick<Dag, 'catchUp'>, ticks: CronTicks, since: number, now: number): Due {
  const all: number[] = [];
  for (let tick = ticks.after(since); tick !== undefined && tick <= now; tick = ticks.after(tick)) {
    all.push(tick);
    if (all.length <= dag.catchUp) continue;
    // Perhaps years of minutes: from here on the newest are looked for from the other end.
    const [last = tick, ...due] = ticks.latest(since, now, dag.catchUp + 1);
    return { due, skipped: { first: all[0] ?? last, last } };
  }
  return { due: all };
}

/** Where a dag that was never seen before begins: just before its `start`, else now, so that it makes up no history. */
export function firstSince(start: string | undefined, timezone: string, now: number): number {
  const day = start === undefined ? undefined : parseDay(start);
  return day === undefined ? now : startOfDay(timezone, day) - 1;
}

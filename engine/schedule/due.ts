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
  const newest = ticks.latest(since, now, dag.catchUp + 1);
  if (newest.length <= dag.catchUp) return { due: newest };
  const [last = now, ...due] = newest;
  return { due, skipped: { first: ticks.after(since) ?? last, last } };
}

/** Where a dag that was never seen before begins: just before its `start`, else now, so that it makes up no history. */
export function firstSince(start: string | undefined, timezone: string, now: number): number {
  const day = start === undefined ? undefined : parseDay(start);
  return day === undefined ? now : startOfDay(timezone, day) - 1;
}

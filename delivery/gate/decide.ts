import { addDays, type CalendarDate } from '../slot/calendar-date.ts';
import type { DayRange } from '../slot/period.ts';

/** What one slot of a report waits for: models (`schema.name`) built and current over these days. */
export interface Need {
  readonly models: readonly string[];
  readonly days: DayRange;
  /** After it the gate gives up; without it, it waits for ever. */
  readonly deadline?: Date;
}

/** Over which days each model is built and current: half-open, in any order, touching or not. */
export type Coverage = ReadonlyMap<string, { readonly days: readonly DayRange[]; readonly builds?: readonly string[] }>;

/** A model that keeps the gate shut, and the first days of what it lacks. */
export interface Behind {
  readonly model: string;
  readonly missing: readonly DayRange[];
}

export type GateDecision =
  | { readonly kind: 'open' }
  | { readonly kind: 'wait'; readonly behind: readonly Behind[] }
  | { readonly kind: 'give-up'; readonly behind: readonly Behind[] };

/** May this report be made for these days yet? Waits until the deadline, then gives up aloud. */
export function decideGate(need: Need, coverage: Coverage, now: Date): GateDecision {
  const behind = need.models
    .map((model) => ({ model, missing: missingDays(need.days, coverage.get(model)?.days ?? []) }))
    .filter(({ missing }) => missing.length > 0);
  if (behind.length === 0) return { kind: 'open' };
  const late = need.deadline !== undefined && now >= need.deadline;
  return late ? { kind: 'give-up', behind } : { kind: 'wait', behind };
}

/**
 * The day after the last for which every model is whole, counted from the first day that is needed: a day behind a hole
 * is not complete. Undefined where nothing is known of what was read.
 */
export function completeUntil({ models, days }: Need, coverage: Coverage): CalendarDate | undefined {
  const ends = models.map((model) => {
    const [hole] = missingDays({ from: days.from, until: endOfTime }, coverage.get(model)?.days ?? []);
    return hole?.from ?? endOfTime;
  });
  const [first] = ends.sort();
  return first === endOfTime ? undefined : first;
}

/** The last day that all of these models cover, holes before it not counted; undefined where one covers nothing. */
export function lastDayOf(models: readonly string[], coverage: Coverage): CalendarDate | undefined {
  const ends = models.map((model) =>
    (coverage.get(model)?.days ?? [])
      .map(({ until }) => until)
      .sort()
      .at(-1),
  );
  const [first] = ends.some((end) => end === undefined) ? [] : ends.sort();
  return first === undefined ? undefined : addDays(first, -1);
}

const endOfTime: CalendarDate = '9999-12-31';

/** The stretches of `wanted` that no range covers, in order. */
export function missingDays(wanted: DayRange, covered: readonly DayRange[]): DayRange[] {
  const missing: DayRange[] = [];
  let reached: CalendarDate = wanted.from;
  for (const range of [...covered].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    if (range.until <= reached) continue;
    if (range.from >= wanted.until) break;
    if (range.from > reached) missing.push({ from: reached, until: range.from });
    reached = range.until;
  }
  if (reached < wanted.until) missing.push({ from: reached, until: wanted.until });
  return missing;
}

/** `kpi.store_daily lacks 2021-12-21`, for logs and people. */
export function showBehind(behind: readonly Behind[]): string {
  const show = ({ from, until }: DayRange) => `${from} to before ${until}`;
  return behind.map(({ model, missing }) => `${model} lacks ${missing.map(show).join(', ')}`).join('; ');
}

import { didYouMean } from '../config/nearest.ts';
import { Fault } from '../fault.ts';
import type { RunHistory, RunRow, StepRow } from '../record/run-history.ts';
import type { Range } from '../time/range.ts';
import { parseDay, startOfDay } from '../time/zone.ts';

/** What of a run is to be done again. */
export interface Retry {
  readonly run: RunRow;
  /** Models and sources with steps that failed or were not reached. */
  readonly names: readonly string[];
  /** The windows of those steps, by model; a name without windows here is done whole. */
  readonly only: ReadonlyMap<string, readonly Range[]>;
}

const done = new Set(['built', 'audited', 'current', 'lost']);

/** What a run left undone; without an id, the latest run that left anything. Throws `Fault` invalid when there is none. */
export async function findRetry(history: RunHistory, id: string | undefined, timezone: string): Promise<Retry> {
  const runs = await history.runs(1_000);
  const run = id === undefined ? runs.find(({ state }) => state !== 'done') : runs.find((one) => one.id === id);
  if (!run) {
    const hint =
      id === undefined
        ? undefined
        : didYouMean(
            id,
            runs.map((one) => one.id),
          );
    const message = id === undefined ? 'no run has failed, been cancelled or killed' : `there is no run ${id}`;
    throw new Fault('invalid', message, hint ? { hint } : {});
  }
  return { run, ...undoneOf(await history.steps(run.id), timezone) };
}

/** The names and windows of the steps that did not end well. */
export function undoneOf(steps: readonly StepRow[], timezone: string): Pick<Retry, 'names' | 'only'> {
  const undone = steps.filter(({ outcome }) => outcome === null || !done.has(outcome));
  const only = new Map<string, Range[]>();
  for (const { kind, model, from, until } of undone) {
    if ((kind !== 'window' && kind !== 'audit') || from === null || until === null) continue;
    only.set(model, [...(only.get(model) ?? []), { from: edge(from, timezone), until: edge(until, timezone) }]);
  }
  return { names: [...new Set(undone.map(({ model }) => model))], only };
}

/** An edge as history shows it: a day of the business zone, or an instant. */
function edge(text: string, timezone: string): number {
  const day = parseDay(text);
  return day === undefined ? Date.parse(text) : startOfDay(timezone, day);
}

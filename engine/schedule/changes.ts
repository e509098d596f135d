import type { Dag } from '../project/dag.ts';
import type { CronTicks } from '../time/cron.ts';
import type { ErrorClass } from '../warehouse/sql-error.ts';
import type { Verdict } from './choose.ts';
import { dueTicks } from './due.ts';
import { noticesOf, showSpan } from './notice.ts';
import type { Change, Decision } from './port.ts';
import { afterFailure } from './retry.ts';
import type { OpenTick } from './tick.ts';

/** How the run of a tick ended. `class` says whether the error may pass. */
export type Performance =
  | { readonly kind: 'done'; readonly runId?: string; readonly detail?: string }
  | { readonly kind: 'failed'; readonly class: ErrorClass; readonly error: string; readonly runId?: string }
  | { readonly kind: 'stopped' };

/** What is decided about a dag's ticks in `(since, at]`: those to run, and those passed over as one. */
export function decide(dag: Dag, ticks: CronTicks, since: number, at: number): Decision {
  if (dag.paused) return { dag: dag.name, until: ticks.latest(since, at, 1)[0] ?? since, due: [] };
  const { due, skipped } = dueTicks(dag, ticks, since, at);
  const until = due.at(-1) ?? since;
  if (!skipped) return { dag: dag.name, until, due };
  const why = `not made up (catch_up ${dag.catchUp}): ${iso(skipped.first)} .. ${iso(skipped.last)}`;
  return { dag: dag.name, until, due, skipped: { at: skipped.last, why } };
}

const iso = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z');

/** Tells the owners of a tick that it is late. */
export function lateChange(tick: OpenTick, dag: Dag | undefined): Change {
  const what = `is not done ${showSpan(dag?.deadline ?? 0)} after its time`;
  return { kind: 'late', tick, notices: noticesOf(dag, tick, 'late', what) };
}

/** What a verdict changes: nothing while a tick waits. */
export function changeOf(verdict: Verdict, dags: ReadonlyMap<string, Dag>): Change[] {
  const { tick } = verdict;
  if (verdict.kind === 'wait') return [];
  if (verdict.kind === 'start') return [{ kind: 'start', tick }];
  const { state, why } = verdict;
  const notices = state === 'skipped' ? [] : noticesOf(dags.get(tick.dag), tick, state, `was not run: ${why}`);
  return [{ kind: 'settle', tick, state, detail: why, notices }];
}

/** What the end of a run changes: done, again later, or failed, with word to the owners. `chance` in [0, 1). */
export function changeAfter(performance: Performance, tick: OpenTick, dag: Dag, at: number, chance: number): Change {
  if (performance.kind === 'stopped') return { kind: 'stop', tick };
  const runId = performance.runId === undefined ? {} : { runId: performance.runId };
  if (performance.kind === 'done') {
    const detail = performance.detail === undefined ? {} : { detail: performance.detail };
    return { kind: 'settle', tick, state: 'done', notices: [], ...runId, ...detail };
  }
  const { error } = performance;
  const after = afterFailure(dag.retries, tick.attempts + 1, performance.class, at, chance);
  if (after.kind === 'again') return { kind: 'again', tick, notBefore: after.notBefore, detail: error, ...runId };
  const notices = noticesOf(dag, tick, 'failed', `failed: ${error}`);
  return { kind: 'settle', tick, state: 'failed', detail: error, notices, ...runId };
}

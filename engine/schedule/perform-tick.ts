import { counted } from '../config/counted.ts';
import { succeeded } from '../execute/outcome.ts';
import type { StepResult } from '../execute/perform.ts';
import { Fault } from '../fault.ts';
import type { Log } from '../log/log.ts';
import type { Dag } from '../project/dag.ts';
import { withExposures } from '../run/exposures.ts';
import { openPlanned, runPlanned } from '../run/planned.ts';
import { errorOf } from '../run/run.ts';
import { selectedByDag, speaksOfReports } from '../run/setting-problems.ts';
import type { Workspace } from '../run/workspace.ts';
import type { Database } from '../warehouse/database.ts';
import { classify, type ErrorClass } from '../warehouse/sql-error.ts';
import type { Performance } from './changes.ts';
import type { PerformTick } from './leader.ts';
import { showTick } from './tick.ts';

export interface TickTools {
  /** The project as its files are at this moment. Throws `Fault` invalid when they are not right. */
  readonly workspace: () => Workspace;
  readonly state: Database;
  readonly log: Log;
}

/** Performs ticks as `engine run` with the dag's selection would: what is missing or stale is built, and nothing else. */
export function tickPerformer({ workspace, state, log }: TickTools): PerformTick {
  return async (dag: Dag, at: number, signal: AbortSignal): Promise<Performance> => {
    try {
      const read = workspace();
      const opened = speaksOfReports(dag) ? await withExposures(read) : read;
      const selected = selectedByDag(dag, opened.graph);
      if (!selected.ok)
        throw new Fault('invalid', `${dag.path} selects what is not there`, { problems: selected.problems });
      const names = new Set(selected.nodes.map((node) => node.name));
      await using planned = await openPlanned(opened, { selected: names }, state, signal);
      const { steps, waiting } = planned.plan;
      const detail = waiting.length > 0 ? { detail: `${counted(waiting.length, 'build')} waiting for inputs` } : {};
      if (steps.length === 0) return { kind: 'done', ...detail };
      const result = await runPlanned(planned, `scheduler: ${showTick({ dag: dag.name, at })}`, {
        threads: opened.config.threads,
        signal,
        log,
        watcher: { began() {}, ended() {} },
      });
      if (signal.aborted) return { kind: 'stopped' };
      const { runId } = result;
      return result.ok ? { kind: 'done', runId, ...detail } : { kind: 'failed', runId, ...failureOf(result.results) };
    } catch (error) {
      if (signal.aborted) return { kind: 'stopped' };
      throw error;
    }
  };
}

/** A run may pass another time when one of its steps may: those that fail for good fail again and cost little. */
function failureOf(results: readonly StepResult[]): { readonly class: ErrorClass; readonly error: string } {
  const failures = results.filter(({ outcome }) => !succeeded(outcome) && outcome.kind !== 'blocked');
  const passing = failures.map(({ outcome }) => classOf(outcome)).find((one) => one !== 'permanent');
  const [first] = failures;
  const more = failures.length > 1 ? ` (and ${failures.length - 1} more)` : '';
  return {
    class: passing ?? 'permanent',
    error: first ? `${first.step.model}: ${errorOf(first) ?? first.outcome.kind}${more}` : 'the run failed',
  };
}

function classOf(outcome: StepResult['outcome']): ErrorClass {
  if (outcome.kind === 'lost') return 'conflict';
  return outcome.kind === 'failed' ? classify(outcome.error) : 'permanent';
}

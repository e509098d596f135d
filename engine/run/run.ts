import { succeeded } from '../execute/outcome.ts';
import { type Buildable, perform, type StepResult, type Watcher } from '../execute/perform.ts';
import { newId, sweepStages } from '../execute/stage.ts';
import { messageOf } from '../fault.ts';
import type { Log } from '../log/log.ts';
import { showRange } from '../plan/plan.ts';
import type { Recorded } from '../plan/record.ts';
import type { Plan, Step } from '../plan/step.ts';
import { openRecorder } from '../record/recorder.ts';
import type { RunHistory } from '../record/run-history.ts';
import { recordSchema } from '../record/schema.ts';
import type { Database } from '../warehouse/database.ts';
import type { Workspace } from './workspace.ts';

export interface RunTools {
  readonly database: Database;
  readonly history: RunHistory;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly watcher: Watcher;
}

/** A run that has ended. */
export interface RunResult {
  readonly runId: string;
  readonly results: readonly StepResult[];
  readonly ok: boolean;
}

/** Performs a plan as a run of its own, told step by step to the history, the log and the watcher. */
export async function runPlan(
  workspace: Workspace,
  recorded: Recorded,
  plan: Plan,
  command: string,
  tools: RunTools,
): Promise<RunResult> {
  const { config } = workspace;
  const runId = newId();
  const log = tools.log.child({ run: runId });
  await tools.history.begin(
    { id: runId, command },
    plan.steps.map((step) => ({ step: step.id, ...describeStep(step, workspace) })),
  );
  await sweepStages(tools.database, recordSchema(config.name), Date.now());
  log.info({ steps: plan.steps.length, target: config.targetName }, 'run begins');
  const watcher: Watcher = {
    began: (step) => tools.watcher.began(step),
    async ended(result) {
      const { step, outcome, ms } = result;
      const error = errorOf(result);
      const rows = outcome.kind === 'built' ? outcome.rows : null;
      log.info(
        { step: step.id, model: step.model, kind: step.kind, outcome: outcome.kind, rows, ms, error },
        'step ended',
      );
      await tools.history.endStep(runId, { step: step.id, outcome: outcome.kind, rows, ms, error });
      await tools.watcher.ended(result);
    },
  };
  const results = await perform(
    plan,
    buildableOf(workspace),
    recorded,
    {
      database: tools.database,
      recorder: openRecorder(config.name),
      calendar: config.calendar,
      schema: recordSchema(config.name),
      runId,
      threads: tools.threads,
      signal: tools.signal,
      log,
    },
    watcher,
  );
  const ok = results.every(({ outcome }) => succeeded(outcome) || outcome.kind === 'lost');
  const state = tools.signal.aborted ? 'cancelled' : ok ? 'done' : 'failed';
  await tools.history.end(runId, state);
  log.info({ state }, 'run ended');
  return { runId, results, ok };
}

/** A step in words: what `plan`, `run`, the history and `--json` show alike. */
export function describeStep(step: Step, { models, config }: Workspace) {
  const grain = models.get(step.model)?.model.windowing?.grain ?? 'day';
  const edges = showRange(step, grain, config.calendar);
  return {
    kind: step.kind,
    model: step.model,
    from: edges?.from ?? null,
    until: edges?.until ?? null,
    reason: step.reason,
  };
}

/** What went wrong with a step, in a sentence; null for what went well. */
export function errorOf({ outcome }: StepResult): string | null {
  switch (outcome.kind) {
    case 'failed':
      return messageOf(outcome.error);
    case 'audit-failed':
      return outcome.failures
        .filter((failure) => failure.severity === 'error')
        .map((failure) => `${failure.audit}: ${failure.count} rows`)
        .join('; ');
    case 'blocked':
      return `${outcome.by} did not succeed`;
    case 'lost':
      return outcome.message;
    default:
      return null;
  }
}

function buildableOf({ nodes, models, project, graph }: Workspace): Buildable {
  return {
    nodes: new Map(nodes.map((node) => [node.name, node])),
    models,
    sources: project.sources,
    viewsOver(name) {
      const over = new Set<string>();
      const visit = (from: string) => {
        for (const reader of graph.downstream([from], 1)) {
          if (models.get(reader)?.model.materialized !== 'view' || over.has(reader) || reader === from) continue;
          over.add(reader);
          visit(reader);
        }
      };
      visit(name);
      return graph.nodes.filter((node) => over.has(node.name)).map((node) => node.name);
    },
  };
}

import { recordName } from '../config/config.ts';
import { counted } from '../config/counted.ts';
import { succeeded } from '../execute/outcome.ts';
import { openPatience, type RetryRule, usualRetries } from '../execute/patience.ts';
import { type Buildable, perform, type StepResult, type Watcher } from '../execute/perform.ts';
import { sweepStages } from '../execute/stage.ts';
import { messageOf } from '../fault.ts';
import type { Log } from '../log/log.ts';
import type { Recorded } from '../plan/record.ts';
import { showRange } from '../plan/show-range.ts';
import type { Plan, Step } from '../plan/step.ts';
import { type CompactionRule, compactRecord, usualCompaction } from '../record/compact.ts';
import { openLeases } from '../record/leases.ts';
import { buryDeadRuns, heartbeat, processName } from '../record/live-runs.ts';
import { openRunHistory } from '../record/run-history.ts';
import { recordSchema } from '../record/schema.ts';
import { prepareState } from '../record/state-schema.ts';
import type { ReadProgress } from '../source/read-progress.ts';
import type { Database } from '../warehouse/database.ts';
import { endSessions, sessionTag } from '../warehouse/tagged-sessions.ts';
import { placeModel } from './places.ts';
import { readOwnRecord, recorderOf } from './warehouse-record.ts';
import type { Workspace } from './workspace.ts';

export interface RunTools {
  /** The warehouse, its sessions tagged with the run's id. */
  readonly database: Database;
  readonly state: Database;
  readonly runId: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly watcher: Watcher;
  /** Other than the usual ones. */
  readonly retries?: RetryRule;
  readonly compaction?: CompactionRule;
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
  const { runId, database, state } = tools;
  const log = tools.log.child({ run: runId });
  await prepareState(state, config.stateName);
  const history = openRunHistory(state, config.stateName);
  await history.begin(
    { id: runId, command, process: processName(process.pid) },
    plan.steps.map((step) => ({ step: step.id, ...describeStep(step, workspace) })),
  );
  await using _ = heartbeat(state, config.stateName, runId);
  const dead = await buryDeadRuns(state, config.stateName);
  const ended = await endSessions(
    database,
    dead.map((id) => sessionTag(recordName(config), id)),
  );
  if (dead.length > 0) log.warn({ dead, sessions_ended: ended }, 'runs were killed; what they left running is ended');
  const schemas = [...new Set(workspace.nodes.map(({ name }) => workspace.places.own(name).schema))];
  await sweepStages(database, recordSchema(recordName(config)), schemas, Date.now());
  log.info({ steps: plan.steps.length, target: config.targetName }, 'run begins');
  const tellLog = readingLog(log);
  const watcher: Watcher = {
    began: (step) => tools.watcher.began(step),
    reading(step, progress) {
      tellLog(step, progress);
      tools.watcher.reading?.(step, progress);
    },
    async ended(result) {
      const { step, outcome, ms } = result;
      const error = errorOf(result);
      const rows = outcome.kind === 'built' ? outcome.rows : null;
      log.info(
        { step: step.id, model: step.model, kind: step.kind, outcome: outcome.kind, rows, ms, error },
        'step ended',
      );
      await persist(() => history.endStep(runId, { step: step.id, outcome: outcome.kind, rows, ms, error }), log);
      await tools.watcher.ended(result);
    },
  };
  const results = await perform(
    plan,
    buildableOf(workspace),
    recorded,
    {
      database,
      recorder: recorderOf(workspace),
      own: workspace.places.own,
      leases: openLeases(state, config.stateName, runId),
      reread: () => readOwnRecord(database, workspace),
      retries: tools.retries ?? usualRetries,
      calendar: config.calendar,
      schema: recordSchema(recordName(config)),
      runId,
      threads: tools.threads,
      signal: tools.signal,
      log,
    },
    watcher,
  );
  if (!tools.signal.aborted) await compact(workspace, recorded, log, tools);
  const ok = results.every(({ outcome }) => succeeded(outcome));
  const end = tools.signal.aborted ? 'cancelled' : ok ? 'done' : 'failed';
  await persist(() => history.end(runId, end), log);
  log.info({ state: end }, 'run ended');
  return { runId, results, ok };
}

/** Makes the record smaller, as it was when the run began. A run that did its work has not failed for this; the next one does it. */
async function compact(workspace: Workspace, recorded: Recorded, log: Log, tools: RunTools): Promise<void> {
  // What is read from another environment is that one's to make smaller.
  const names = workspace.nodes.filter(({ kind }) => kind !== 'deferred').map(({ name }) => name);
  const rule = tools.compaction ?? usualCompaction;
  try {
    const rows = await compactRecord(tools.database, recordName(workspace.config), names, recorded, rule);
    if (rows > 0) log.info({ rows }, 'superseded rows of the record are deleted');
  } catch (error) {
    log.warn({ error: messageOf(error) }, 'the record could not be made smaller');
  }
}

/** How often a long load says in the log how far it is, in ms. */
const saidEvery = 15_000;

function readingLog(log: Log): (step: Step, progress: ReadProgress) => void {
  const said = new Map<number, number>();
  return (step, { bytes, of }) => {
    const now = performance.now();
    const last = said.get(step.id);
    said.set(step.id, last ?? now);
    if (last === undefined || now - last < saidEvery) return;
    said.set(step.id, now);
    log.info({ step: step.id, model: step.model, bytes, of }, 'file is being read');
  };
}

/** Writes to the state database what may be written twice; a lost line is tried again, also while a run is being cancelled. */
async function persist(write: () => Promise<void>, log: Log): Promise<void> {
  const patience = openPatience(usualRetries, new AbortController().signal, log);
  for (;;) {
    try {
      return await write();
    } catch (error) {
      await patience.retry(error);
    }
  }
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
        .map((failure) => `${failure.audit}: ${counted(failure.count, 'row')}`)
        .join('; ');
    case 'blocked':
      return `${outcome.by} did not succeed`;
    case 'lost':
      return outcome.message;
    default:
      return null;
  }
}

function buildableOf({ nodes, models, project, graph, places }: Workspace): Buildable {
  return {
    nodes: new Map(nodes.map((node) => [node.name, node])),
    models: new Map([...models].map(([name, one]) => [name, placeModel(one, places)])),
    sources: project.sources,
    viewsOver(name) {
      const over = new Set<string>();
      const visit = (from: string) => {
        for (const reader of graph.downstream([from], 1)) {
          const materialized = models.get(reader)?.model.materialized;
          if (over.has(reader) || reader === from) continue;
          if (materialized === 'view') over.add(reader);
          // What reads an ephemeral model reads, to the warehouse, what that reads.
          if (materialized === 'view' || materialized === 'ephemeral') visit(reader);
        }
      };
      visit(name);
      return graph.nodes.filter((node) => over.has(node.name)).map((node) => node.name);
    },
  };
}

import { recordName } from '../config/config.ts';
import { succeeded } from '../execute/outcome.ts';
import { newId } from '../execute/stage.ts';
import { Fault } from '../fault.ts';
import type { Recorded } from '../plan/record.ts';
import type { Rebuild } from '../plan/request.ts';
import type { Plan } from '../plan/step.ts';
import { openRequests } from '../record/requests.ts';
import { prepareRecord } from '../record/schema.ts';
import { prepareState } from '../record/state-schema.ts';
import { systemClock } from '../time/clock.ts';
import type { Range } from '../time/range.ts';
import type { Database } from '../warehouse/database.ts';
import { sessionTag } from '../warehouse/tagged-sessions.ts';
import { type Deferral, deferTo } from './defer.ts';
import { openProjectTarget } from './open-project-target.ts';
import { type AskedRange, askedRange, planRun } from './plan-run.ts';
import { type RunResult, type RunTools, runPlan } from './run.ts';
import { readOwnRecord } from './warehouse-record.ts';
import type { Workspace } from './workspace.ts';

/** A project, its warehouse and what is recorded there. */
export interface OpenedWarehouse extends AsyncDisposable {
  readonly workspace: Workspace;
  readonly database: Database;
  readonly state: Database;
  readonly recorded: Recorded;
  /** The id that a run has; the warehouse's sessions are already tagged with it. */
  readonly runId: string;
}

/** What is asked of a run. */
export interface PlanAsked {
  readonly selected: ReadonlySet<string>;
  readonly asked?: AskedRange;
  /** Build the stretch that is asked for again, though it is current. */
  readonly rebuild?: boolean;
  /** Build all that is selected anew, with the columns that its SQL gives now. */
  readonly refresh?: boolean;
  /** Of models named here, only these windows. */
  readonly only?: ReadonlyMap<string, readonly Range[]>;
  /** Read what is not selected and not built here from another environment. */
  readonly defer?: Deferral;
}

/** A plan and what it was made from. */
export interface Planned extends OpenedWarehouse {
  readonly plan: Plan;
  readonly asked: PlanAsked;
  /** Requests to build again that the plan carries out, of this run and of runs that were killed. */
  readonly rebuilds: readonly Rebuild[];
  /** The request of this run among them. */
  readonly request: Rebuild | undefined;
}

/**
 * Opens the warehouse of a project, its sessions tagged for a run, and reads the record. The state database, which stays its
 * owner's to close, may be opening meanwhile.
 */
export async function openWarehouse(
  workspace: Workspace,
  opening: Database | Promise<Database>,
  signal: AbortSignal,
): Promise<OpenedWarehouse> {
  const { config } = workspace;
  const runId = newId();
  const applicationName = sessionTag(recordName(config), runId);
  const [target, others] = await Promise.allSettled([openProjectTarget(config, { signal, applicationName }), opening]);
  if (target.status === 'rejected') throw target.reason;
  const database = target.value;
  try {
    if (others.status === 'rejected') throw others.reason;
    const state = others.value;
    await prepareState(state, config.stateName);
    await prepareRecord(database, recordName(config));
    const recorded = await readOwnRecord(database, workspace);
    return {
      workspace,
      database,
      state,
      recorded,
      runId,
      [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
    };
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
}

/** Plans on an open warehouse: what `plan` shows, `run` performs and the scheduler performs on its ticks. */
export async function planOn(opened: OpenedWarehouse, asked: PlanAsked): Promise<Planned> {
  const { database, state, recorded, runId } = opened;
  const workspace = asked.defer ? deferTo(opened.workspace, recorded, asked.selected, asked.defer) : opened.workspace;
  const range = askedRange(asked.asked ?? {}, workspace, recorded);
  if (asked.rebuild && !range) {
    throw new Fault('invalid', '--rebuild needs to know what: give --day, --until (with --from or without), or --last');
  }
  const request: Rebuild | undefined =
    asked.refresh || asked.rebuild
      ? { since: runId, models: asked.selected, refresh: asked.refresh === true, ...(range ? { range } : {}) }
      : undefined;
  const rebuilds = [...(await openRequests(state, workspace.config.stateName).open()), ...(request ? [request] : [])];
  const { selected, only } = asked;
  const how = { selected, asked: asked.asked ?? {}, rebuild: false, rebuilds, ...(only ? { only } : {}) };
  const plan = await planRun(workspace, recorded, how, { session: database, now: systemClock() });
  return { ...opened, workspace, plan, asked, rebuilds, request };
}

/** Opens the warehouse and plans. Disposed, the warehouse is closed. */
export async function openPlanned(
  workspace: Workspace,
  asked: PlanAsked,
  state: Database | Promise<Database>,
  signal: AbortSignal,
): Promise<Planned> {
  const opened = await openWarehouse(workspace, state, signal);
  try {
    return await planOn(opened, asked);
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Performs a plan as a run, its history in the state database; nothing to do is no run. What it asks to be built again is
 * recorded before, and the requests of which nothing is left are closed after. `command`: what asked for it, for people.
 */
export async function runPlanned(
  planned: Planned,
  command: string,
  tools: Omit<RunTools, 'database' | 'state' | 'runId'>,
): Promise<RunResult> {
  const { workspace, database, state, recorded, plan, request, runId } = planned;
  const requests = openRequests(state, workspace.config.stateName);
  if (request) await requests.record(request, command);
  const result: RunResult =
    plan.steps.length === 0
      ? { runId, results: [], ok: true }
      : await runPlan(workspace, recorded, plan, command, { ...tools, database, state, runId });
  if (!tools.signal.aborted) await requests.close(carriedOut(planned, result.results));
  return result;
}

/** The requests of which nothing is left: all their models were selected, over all their stretch, and went well. */
function carriedOut({ rebuilds, request, asked }: Planned, results: RunResult['results']): string[] {
  const failed = new Set(results.filter(({ outcome }) => !succeeded(outcome)).map(({ step }) => step.model));
  const limited = asked.only !== undefined || Object.keys(asked.asked ?? {}).length > 0;
  return rebuilds
    .filter((rebuild) => rebuild === request || !limited)
    .filter(({ models }) => [...models].every((name) => asked.selected.has(name) && !failed.has(name)))
    .map(({ since }) => since);
}

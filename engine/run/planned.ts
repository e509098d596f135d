import type { Recorded } from '../plan/record.ts';
import type { Plan } from '../plan/step.ts';
import { openRecorder } from '../record/recorder.ts';
import { openRunHistory } from '../record/run-history.ts';
import { prepareRecord } from '../record/schema.ts';
import type { Database } from '../warehouse/database.ts';
import { openTarget } from '../warehouse/open.ts';
import { planRun, type RunRequest } from './plan-run.ts';
import { type RunResult, type RunTools, runPlan } from './run.ts';
import { readRecord } from './warehouse-record.ts';
import type { Workspace } from './workspace.ts';

/** A plan and what it was made from, on an open warehouse. */
export interface Planned extends AsyncDisposable {
  readonly workspace: Workspace;
  readonly database: Database;
  readonly recorded: Recorded;
  readonly plan: Plan;
}

/** Opens the warehouse and plans a request: what `plan` shows, `run` performs and the scheduler performs on its ticks. */
export async function openPlanned(workspace: Workspace, request: RunRequest, signal: AbortSignal): Promise<Planned> {
  const { config } = workspace;
  const database = await openTarget(config.target, { root: config.root, signal });
  try {
    await prepareRecord(database, config.name);
    const recorded = await readRecord(database, openRecorder(config.name), workspace.nodes);
    const plan = await planRun(workspace, recorded, request, { session: database, now: new Date() });
    return { workspace, database, recorded, plan, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
}

/** Performs a plan and keeps its history in the state database. `command`: what asked for it, for people. */
export async function runPlanned(
  { workspace, database, recorded, plan }: Planned,
  command: string,
  { state, ...tools }: Omit<RunTools, 'database' | 'history'> & { readonly state: Database },
): Promise<RunResult> {
  const history = await openRunHistory(state, workspace.config.targetName);
  return runPlan(workspace, recorded, plan, command, { ...tools, database, history });
}

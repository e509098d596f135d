import { newId } from '../execute/stage.ts';
import type { Recorded } from '../plan/record.ts';
import type { Plan } from '../plan/step.ts';
import { openRecorder } from '../record/recorder.ts';
import { prepareRecord } from '../record/schema.ts';
import { planRun } from '../run/plan-run.ts';
import { readRecord } from '../run/warehouse-record.ts';
import type { Workspace } from '../run/workspace.ts';
import type { Database } from '../warehouse/database.ts';
import { openTarget } from '../warehouse/open.ts';
import { sessionTag } from '../warehouse/tagged-sessions.ts';
import type { Call, Options } from './program.ts';
import { openSelectable, selectedNodes, selectionOptions, selectionUsage, textOf } from './selection.ts';

export const planOptions: Options = {
  ...selectionOptions,
  from: { type: 'string' },
  until: { type: 'string' },
  day: { type: 'string' },
  last: { type: 'string' },
  rebuild: { type: 'boolean' },
};

export const planUsage = `${selectionUsage}
  --from D --until D, --day D, --last 7d    only windows of this stretch, widened to whole windows
  --rebuild      the windows of that stretch again, though they are current`;

/** A plan and what it was made from, on an open warehouse. */
export interface Planned extends AsyncDisposable {
  readonly workspace: Workspace;
  readonly database: Database;
  readonly recorded: Recorded;
  readonly plan: Plan;
  /** The id that a run of this plan has; the warehouse's sessions are already tagged with it. */
  readonly runId: string;
}

/** What `plan` and `run` have in common: the very same plan. */
export async function openPlanned(call: Call): Promise<Planned> {
  const { values } = call;
  const workspace = await openSelectable(call);
  const { config } = workspace;
  const selected = new Set(selectedNodes(workspace, values).map((node) => node.name));
  const runId = newId();
  const applicationName = sessionTag(config.name, runId);
  const database = await openTarget(config.target, { root: config.root, signal: call.signal, applicationName });
  try {
    await prepareRecord(database, config.name);
    const recorded = await readRecord(database, openRecorder(config.name), workspace.nodes);
    const asked: Record<string, string> = {};
    for (const name of ['from', 'until', 'day', 'last'] as const) {
      const text = textOf(values, name);
      if (text !== undefined) asked[name] = text;
    }
    const request = { selected, asked, rebuild: values['rebuild'] === true };
    const plan = await planRun(workspace, recorded, request, { session: database, now: new Date() });
    return { workspace, database, recorded, plan, runId, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
}

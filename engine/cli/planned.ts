import { newId } from '../execute/stage.ts';
import { Fault } from '../fault.ts';
import type { NodeKind } from '../graph/graph.ts';
import type { Rebuild } from '../plan/plan.ts';
import type { Plan } from '../plan/step.ts';
import { openRequests } from '../record/requests.ts';
import { type AskedRange, askedRange, planRun } from '../run/plan-run.ts';
import type { Range } from '../time/range.ts';
import { sessionTag } from '../warehouse/tagged-sessions.ts';
import type { Call, Options } from './program.ts';
import { selectionOptions, selectionUsage, textOf } from './selection.ts';
import { openWarehouse, type WarehouseCall } from './warehouse-call.ts';

export const planOptions: Options = {
  ...selectionOptions,
  from: { type: 'string' },
  until: { type: 'string' },
  day: { type: 'string' },
  last: { type: 'string' },
  rebuild: { type: 'boolean' },
  'full-refresh': { type: 'boolean' },
};

export const planUsage = `${selectionUsage}
  --from D --until D, --day D, --last 7d    only windows of this stretch, widened to whole windows
  --rebuild      the windows of that stretch again, though they are current
  --full-refresh all that is selected anew, with the columns that its SQL gives now`;

/** A plan and what it was made from, on open databases. */
export interface Planned extends WarehouseCall {
  readonly plan: Plan;
  readonly selectedNames: ReadonlySet<string>;
  /** Requests to build again that the plan carries out, of this call and of runs that were killed. */
  readonly rebuilds: readonly Rebuild[];
  /** The request of this call among them. */
  readonly request: Rebuild | undefined;
  readonly range: AskedRange;
  /** The id that a run of this plan has; the warehouse's sessions are already tagged with it. */
  readonly runId: string;
}

export interface PlannedOptions {
  /** Only nodes of these kinds. */
  readonly kinds?: readonly NodeKind[];
  /** Only these nodes, and of those that are named in `only`, only those windows. */
  readonly names?: readonly string[];
  readonly only?: ReadonlyMap<string, readonly Range[]>;
}

/** What `plan`, `run` and the commands that do a part of it have in common: the very same plan. */
export async function openPlanned(call: Call, { kinds, names, only }: PlannedOptions = {}): Promise<Planned> {
  const { values } = call;
  const runId = newId();
  await using opened = new AsyncDisposableStack();
  const warehouse = opened.use(await openWarehouse(call, (project) => sessionTag(project, runId)));
  const { workspace, recorded, database, state } = warehouse;
  const nodes = (await warehouse.selected(values)).filter(
    ({ kind, name }) => (!kinds || kinds.includes(kind)) && (!names || names.includes(name)),
  );
  const selectedNames = new Set(nodes.map((node) => node.name));
  const range: Record<string, string> = {};
  for (const name of ['from', 'until', 'day', 'last'] as const) {
    const text = textOf(values, name);
    if (text !== undefined) range[name] = text;
  }
  const asked = askedRange(range, workspace, recorded);
  const refresh = values['full-refresh'] === true;
  if (values['rebuild'] && !asked) {
    throw new Fault('invalid', '--rebuild needs to know what: give --day, --from and --until, or --last');
  }
  const request: Rebuild | undefined =
    refresh || values['rebuild']
      ? { since: runId, models: selectedNames, refresh, ...(asked ? { range: asked } : {}) }
      : undefined;
  const rebuilds = [...(await openRequests(state, workspace.config.targetName).open()), ...(request ? [request] : [])];
  const how = { selected: selectedNames, asked: range, rebuild: false, rebuilds, ...(only ? { only } : {}) };
  const plan = await planRun(workspace, recorded, how, { session: database, now: new Date() });
  const all = opened.move();
  return {
    ...warehouse,
    plan,
    selectedNames,
    rebuilds,
    request,
    range,
    runId,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

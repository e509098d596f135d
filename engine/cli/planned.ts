import type { NodeKind } from '../graph/graph.ts';
import { type Planned, planOn } from '../run/planned.ts';
import { refuseWrongColumns } from '../run/refuse-columns.ts';
import type { Range } from '../time/range.ts';
import { deferOption, deferralOf, deferUsage } from './defer.ts';
import type { Call, Options } from './program.ts';
import { selectionOptions, selectionUsage, textOf } from './selection.ts';
import { openWarehouse } from './warehouse-call.ts';

export const planOptions: Options = {
  ...selectionOptions,
  ...deferOption,
  from: { type: 'string' },
  until: { type: 'string' },
  day: { type: 'string' },
  last: { type: 'string' },
  rebuild: { type: 'boolean' },
  'full-refresh': { type: 'boolean' },
};

export const planUsage = `${selectionUsage}
  --until D      only windows before this day, and
  --from D       from this one on, else from each model's start; widened to whole windows
  --day D        only the windows of this day
  --last 7d      only windows so far back from the newest data
  --rebuild      the windows of that stretch again, though they are current
  --full-refresh all that is selected anew, with the columns that its SQL gives now${deferUsage}`;

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
  await using opened = new AsyncDisposableStack();
  const warehouse = opened.use(await openWarehouse(call));
  const nodes = (await warehouse.selected(values)).filter(
    ({ kind, name }) => (!kinds || kinds.includes(kind)) && (!names || names.includes(name)),
  );
  const selected = new Set(nodes.map((node) => node.name));
  await refuseWrongColumns(warehouse.workspace, selected, warehouse.recorded);
  const asked: Record<string, string> = {};
  for (const name of ['from', 'until', 'day', 'last'] as const) {
    const text = textOf(values, name);
    if (text !== undefined) asked[name] = text;
  }
  const defer = await deferralOf(call, warehouse);
  const planned = await planOn(warehouse, {
    selected,
    asked,
    rebuild: values['rebuild'] === true,
    refresh: values['full-refresh'] === true,
    ...(only ? { only } : {}),
    ...(defer ? { defer } : {}),
  });
  const all = opened.move();
  return { ...planned, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

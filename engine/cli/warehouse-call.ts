import type { GraphNode } from '../graph/graph.ts';
import { asked } from '../graph/select.ts';
import { openRunHistory } from '../record/run-history.ts';
import { answersOf } from '../run/answers.ts';
import { type OpenedWarehouse, openWarehouse as open } from '../run/planned.ts';
import type { Workspace } from '../run/workspace.ts';
import { openState } from '../warehouse/open.ts';
import type { Call, Values } from './program.ts';
import { openSelectable, requestOf, selectedNodes } from './selection.ts';

/** An open warehouse, and what the command line selects of it. */
export interface WarehouseCall extends OpenedWarehouse {
  /** What the command line selects, also by what only the databases know. */
  selected(values: Values): Promise<readonly GraphNode[]>;
}

/** Opens what commands that work on built data need. */
export async function openWarehouse(call: Call): Promise<WarehouseCall> {
  const workspace = await openSelectable(call);
  const { config } = workspace;
  await using opened = new AsyncDisposableStack();
  // Side by side: each lets us in only after a while.
  const opening = openState(config.root, config.stateUrl, { signal: call.signal });
  opened.defer(() =>
    opening.then(
      (state) => state[Symbol.asyncDispose](),
      () => {},
    ),
  );
  const warehouse = opened.use(await open(workspace, opening, call.signal));
  const { state } = warehouse;
  const all = opened.move();
  return {
    ...warehouse,
    async selected(values) {
      if (asked(requestOf(values)).length === 0) return selectedNodes(workspace, values);
      const history = openRunHistory(state, config.stateName);
      const [latest] = await history.runs(1);
      const steps = latest ? await history.steps(latest.id) : [];
      return selectedNodes(workspace, values, answersOf(workspace, warehouse.recorded, steps));
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** What a command selects that needs the warehouse for nothing else: it is opened only when the selection asks it. */
export async function selectWherever(call: Call, workspace: Workspace): Promise<readonly GraphNode[]> {
  if (asked(requestOf(call.values)).length === 0) return selectedNodes(workspace, call.values);
  await using warehouse = await openWarehouse(call);
  return await warehouse.selected(call.values);
}

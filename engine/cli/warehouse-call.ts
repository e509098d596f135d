import type { GraphNode } from '../graph/graph.ts';
import { asked } from '../graph/select.ts';
import type { Recorded } from '../plan/record.ts';
import { openRecorder } from '../record/recorder.ts';
import { openRunHistory } from '../record/run-history.ts';
import { prepareRecord } from '../record/schema.ts';
import { prepareState } from '../record/state-schema.ts';
import { answersOf } from '../run/answers.ts';
import { readRecord } from '../run/warehouse-record.ts';
import type { Workspace } from '../run/workspace.ts';
import type { Database } from '../warehouse/database.ts';
import { openState, openTarget } from '../warehouse/open.ts';
import type { Call, Values } from './program.ts';
import { openSelectable, requestOf, selectedNodes } from './selection.ts';

/** The project, its warehouse, the state database, and what is recorded. */
export interface WarehouseCall extends AsyncDisposable {
  readonly workspace: Workspace;
  readonly database: Database;
  readonly state: Database;
  readonly recorded: Recorded;
  /** What the command line selects, also by what only the databases know. */
  selected(values: Values): Promise<readonly GraphNode[]>;
}

/** Opens what commands that work on built data need; `tag` says what the warehouse's sessions are called. */
export async function openWarehouse(call: Call, tag?: (project: string) => string): Promise<WarehouseCall> {
  const workspace = await openSelectable(call);
  const { config, nodes } = workspace;
  const options = { root: config.root, signal: call.signal, ...(tag ? { applicationName: tag(config.name) } : {}) };
  await using opened = new AsyncDisposableStack();
  const database = opened.use(await openTarget(config.target, options));
  const state = opened.use(await openState(config.root, config.stateUrl, { signal: call.signal }));
  await prepareRecord(database, config.name);
  await prepareState(state, config.targetName);
  const recorded = await readRecord(database, openRecorder(config.name), nodes);
  const all = opened.move();
  return {
    workspace,
    database,
    state,
    recorded,
    async selected(values) {
      if (asked(requestOf(values)).length === 0) return selectedNodes(workspace, values);
      const history = openRunHistory(state, config.targetName);
      const [latest] = await history.runs(1);
      const steps = latest ? await history.steps(latest.id) : [];
      return selectedNodes(workspace, values, answersOf(workspace, recorded, steps));
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

import type { Recorded } from '../plan/record.ts';
import { openRecorder } from '../record/recorder.ts';
import { prepareRecord } from '../record/schema.ts';
import { readRecord } from '../run/warehouse-record.ts';
import { openWorkspace, type Workspace } from '../run/workspace.ts';
import type { Database } from '../warehouse/database.ts';
import { openTarget } from '../warehouse/open.ts';
import type { Call } from './program.ts';
import { textOf } from './selection.ts';

/** The project, its warehouse, and what is recorded there. */
export interface WarehouseCall extends AsyncDisposable {
  readonly workspace: Workspace;
  readonly database: Database;
  readonly recorded: Recorded;
}

/** Opens what commands that look at built data need. */
export async function openWarehouse(call: Call, targetName?: string): Promise<WarehouseCall> {
  const workspace = openWorkspace(process.cwd(), call.environment, targetName ?? textOf(call.values, 'target'));
  const { config, nodes } = workspace;
  const database = await openTarget(config.target, { root: config.root, signal: call.signal });
  try {
    await prepareRecord(database, config.name);
    const recorded = await readRecord(database, openRecorder(config.name), nodes);
    return { workspace, database, recorded, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
}

import { prepareState, stateSchema } from '../record/state-schema.ts';
import { type Database, type Statement, sql } from '../warehouse/database.ts';

/** The scheduler's tables of one target, in the state database. */
export interface Tables {
  readonly leases: Statement;
  readonly dags: Statement;
  readonly ticks: Statement;
  readonly notices: Statement;
}

/** Names the tables of a target, brought up to this version where they are not. */
export async function prepareTables(state: Database, target: string): Promise<Tables> {
  await prepareState(state, target);
  const table = (name: string) => sql.ident(stateSchema(target), name);
  return { leases: table('scheduler_lease'), dags: table('dags'), ticks: table('ticks'), notices: table('notices') };
}

import { setTimeout as pause } from 'node:timers/promises';
import type { Leases } from '../execute/port.ts';
import { type Database, sql } from '../warehouse/database.ts';
import { aliveRun } from './live-runs.ts';
import { stateSchema } from './state-schema.ts';

/** How often a run that waits for another looks again, in milliseconds. */
const look = 250;

/**
 * The leases of one run on a target's models: one row each in the state database, good while its run is alive. Where the
 * state database cannot be asked, work goes on without: a lease saves work, the fence keeps tables right.
 */
export function openLeases(state: Database, target: string, runId: string): Leases {
  const leases = sql.ident(stateSchema(target), 'model_leases');
  const take = async (name: string): Promise<boolean> => {
    const rows = await state
      .query(
        sql`insert into ${leases} as held (name, run_id, taken_at) values (${name}, ${runId}, now())
            on conflict (name) do update set run_id = excluded.run_id, taken_at = excluded.taken_at
              where held.run_id = excluded.run_id or not ${aliveRun(target, sql`held.run_id`)}
            returning 1`,
      )
      .catch(() => ['unknown']);
    return rows.length > 0;
  };
  return {
    async hold(name, signal) {
      let waited = false;
      while (!(await take(name))) {
        waited = true;
        await pause(look, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
      return {
        waited,
        async [Symbol.asyncDispose]() {
          await state.query(sql`delete from ${leases} where name = ${name} and run_id = ${runId}`).catch(() => {});
        },
      };
    },
  };
}

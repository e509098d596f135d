import { type Database, sql } from '#engine';
import type { SendLedger } from '../send/send-ledger.ts';
import type { Tables } from './tables.ts';

/** A lane that could not send, why, and when it is tried again (ISO instant). */
export interface LaneTrouble {
  readonly lane: string;
  readonly reason: string;
  readonly resumeAt: string;
}

export async function readTroubles(database: Database, t: Tables): Promise<LaneTrouble[]> {
  return database.query<LaneTrouble>(sql`
    select name as lane, trouble as reason, resume_at as "resumeAt" from ${t.lanes} where trouble is not null order by name`);
}

/** Lets a lane in trouble try again at once: a person asked. */
export async function resumeLane(database: Database, t: Tables, lane: string): Promise<void> {
  await database.query(sql`update ${t.lanes} set resume_at = null where name = ${lane} and resume_at is not null`);
}

/** One owner a lane, by a lease on the database's clock. */
export function lanesOf(database: Database, t: Tables): Pick<SendLedger, 'takeLane' | 'leaveLane'> {
  return {
    async takeLane(lane, owner, seconds) {
      const rows = await database.query(sql`
        insert into ${t.lanes} (name, owner, lease_until) values (${lane}, ${owner}, now() + make_interval(secs => ${seconds}))
        on conflict (name) do update set owner = excluded.owner, lease_until = excluded.lease_until
          where lanes.owner is null or lanes.owner = excluded.owner or lanes.lease_until < now()
        returning name`);
      return rows.length > 0;
    },

    async leaveLane(lane, owner) {
      await database.query(sql`
        update ${t.lanes} set owner = null, lease_until = null where name = ${lane} and owner = ${owner}`);
    },
  };
}

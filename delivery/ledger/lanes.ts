import { type Database, type Statement, sql } from '#engine';
import type { SendLedger } from '../send/send-ledger.ts';
import type { Tables } from './tables.ts';

/** A lane that could not send, why, and when it is tried again (ISO instant). */
export interface LaneTrouble {
  readonly lane: string;
  readonly reason: string;
  readonly resumeAt: string;
}

/**
 * Condition that part `p` has its turn: the parts of a message go in their order, so that the picture with the words comes
 * before the file. One that waits for a person holds up none after it. The first part is told apart for the planner's sake,
 * too: of the bare `not exists` it believes that hardly a part has its turn, and sorts the whole queue to find it.
 */
export function hasTurn(t: Tables): Statement {
  return sql`(p.place = 0 or not exists (
    select from ${t.parts} e
    where e.message_id = p.message_id and e.rung = p.rung and e.place < p.place and e.state in ('queued', 'sending', 'unclear')
  ))`;
}

export async function readTroubles(database: Database, t: Tables): Promise<LaneTrouble[]> {
  return database.query<LaneTrouble>(sql`
    select name as lane, trouble as reason, resume_at as "resumeAt" from ${t.lanes} where trouble is not null order by name`);
}

/** Which of the lanes have a part whose time has come and are not paused: one small question, asked often. */
export async function readyLanes(database: Database, t: Tables, lanes: readonly string[]): Promise<string[]> {
  const rows = await database.query<{ lane: string }>(sql`
    select lane from jsonb_array_elements_text(${JSON.stringify(lanes)}::jsonb) as asked (lane)
    where not exists (select from ${t.lanes} l where l.name = asked.lane and l.resume_at > now())
      and not exists (select from ${t.settings} where name = 'held')
      and exists (
        select from ${t.parts} p
        join ${t.messages} m on m.id = p.message_id
        join ${t.slots} s on s.id = m.slot_id
        where p.lane = asked.lane and p.state = 'queued' and p.not_before <= now() and s.state = 'sealed'
          and ${hasTurn(t)}
      )`);
  return rows.map(({ lane }) => lane);
}

export async function readPace(database: Database, t: Tables, lane: string): Promise<number | undefined> {
  const [row] = await database.query<{ seconds: number | null }>(sql`
    select avg(extract(epoch from ended_at - started_at))::float8 as seconds
    from (
      select a.started_at, a.ended_at from ${t.attempts} a join ${t.parts} p on p.id = a.part_id
      where p.lane = ${lane} and a.outcome = 'sent' order by a.id desc limit 200
    ) as latest`);
  return row?.seconds ?? undefined;
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

import { type Database, sql } from '#engine';
import { stateOf } from './held-messages.ts';
import type { PartState } from './moves.ts';
import type { Tables } from './tables.ts';

/** The name under which notices to owners stand in the ledger: no report can have it, and no notice is ever about it. */
export const ownersReport = '(owners)';

/** Something that owners should know. Facts only; who is told, when and how often is decided elsewhere. */
export type Trouble =
  | {
      readonly kind: 'ended';
      readonly report: string;
      readonly slot: string;
      readonly id: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'failing';
      readonly report: string;
      readonly slot: string;
      readonly id: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'messages';
      readonly report: string;
      readonly slot: string;
      readonly id: string;
      readonly state: TroubledState;
      readonly count: number;
      readonly reason: string;
    }
  | { readonly kind: 'lane'; readonly lane: string; readonly since: Date; readonly reason: string };

/** `bounced`: they were sent, and came back later, each in its own time. */
export type TroubledState = 'expired' | 'failed' | 'held' | 'bounced';

/** Failures in a row after which a slot's owners are told: a warehouse that restarts is no news. */
const patience = 3;

interface SlotRow {
  readonly kind: 'ended' | 'failing';
  readonly id: string;
  readonly report: string;
  readonly slot: string;
  readonly reason: string | null;
}

interface MessagesRow {
  readonly id: string;
  readonly report: string;
  readonly slot: string;
  readonly state: TroubledState;
  readonly count: number;
  readonly reason: string | null;
}

/** What went wrong at or after an instant, tests left out, and lanes that cannot send now. A slot's failed messages count once nothing of it is under way. */
export async function troublesSince(database: Database, t: Tables, since: Date): Promise<Trouble[]> {
  const from = since.toISOString();
  const slots = await database.query<SlotRow>(sql`
    select case when tell then 'ended' else 'failing' end as kind, id, report, slot, reason from ${t.slots}
    where changed_at >= ${from}::timestamptz and report <> ${ownersReport} and not limits ? 'testTo'
      and (tell or (state in ('waiting', 'frozen') and failures >= ${patience}))
    order by id`);
  const messages = await database.query<MessagesRow>(sql`
    select s.id, s.report, s.slot, told.state, count(distinct m.id)::int as count, max(p.reason) as reason
    from ${t.parts} p
    cross join lateral (
      select case when p.state = 'failed' and exists (
        select from ${t.receipts} r where r.part_id = p.id and r.kind = 'undelivered'
      ) then 'bounced' else p.state end as state
    ) told
    join ${t.messages} m on m.id = p.message_id and m.rung = p.rung join ${t.slots} s on s.id = m.slot_id
    where p.changed_at >= ${from}::timestamptz and p.state in ('expired', 'failed', 'held')
      and s.report <> ${ownersReport} and not s.limits ? 'testTo'
      and not exists (
        select from ${t.parts} o join ${t.messages} n on n.id = o.message_id
        where n.slot_id = s.id and o.state in ('queued', 'sending')
      )
    group by s.id, s.report, s.slot, told.state order by s.id, told.state`);
  const lanes = await database.query<{ lane: string; since: string; reason: string }>(sql`
    select name as lane, troubled_at as since, trouble as reason from ${t.lanes}
    where trouble is not null and troubled_at is not null order by name`);
  return [
    ...slots.map((row) => ({ ...row, reason: row.reason ?? '' })),
    ...messages.map((row) => ({ kind: 'messages' as const, ...row, reason: row.reason ?? '' })),
    ...lanes.map((row) => ({ kind: 'lane' as const, ...row, since: new Date(row.since) })),
  ];
}

/** How many messages of each report came to which state at or after an instant, notices and tests left out. */
export async function countSince(
  database: Database,
  t: Tables,
  since: Date,
): Promise<{ readonly report: string; readonly state: PartState; readonly count: number }[]> {
  return database.query(sql`
    select s.report, ms.state, count(*)::int as count
    from ${t.slots} s join ${t.messages} m on m.slot_id = s.id cross join lateral ${stateOf(t)} ms
    where s.opened_at >= ${since.toISOString()}::timestamptz and s.report <> ${ownersReport} and not s.limits ? 'testTo'
    group by s.report, ms.state order by s.report, ms.state`);
}

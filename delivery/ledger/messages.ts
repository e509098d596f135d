import { type Database, type Statement, sql } from '#engine';
import type { NewMessage } from '../enqueue/message.ts';
import type { SlotProgress } from '../send/send-slot.ts';
import { enterMessages } from './enter-messages.ts';
import { type HeldMessage, listMessages, stateOf } from './held-messages.ts';
import { hasTurn } from './lanes.ts';
import type { PartState } from './moves.ts';
import { keySlot } from './slot-rows.ts';
import type { Tables } from './tables.ts';

/** A message that went no further, and why. */
export interface Attention {
  readonly id: string;
  readonly report: string;
  readonly slot: string;
  readonly recipient: string;
  readonly channel: string;
  readonly state: PartState;
  readonly reason: string | null;
}

export interface Messages {
  /**
   * Enters messages with the parts of their first rung; those whose key is held stay as they are. Returns how many are new.
   * `content`: what they were made from; throws `Fault` lost unless the slot is frozen to it still.
   */
  add(slotId: string, messages: readonly NewMessage[], content?: string): Promise<number>;
  list(slotId: string): Promise<HeldMessage[]>;
  /**
   * All messages that have a slot's keys, from whichever run: of its issue with this resend number, or of all issues.
   */
  ofSlot(report: string, slot: string, resend?: number): Promise<HeldMessage[]>;
  byId(id: string): Promise<HeldMessage | undefined>;
  /** The lanes that a slot's messages may take, on any rung. */
  lanes(slotId: string): Promise<string[]>;
  progress(slotId: string): Promise<SlotProgress>;
  /** Messages that a person should look at, newest first, at most `limit`: unclear, held or failed. */
  attention(limit: number): Promise<Attention[]>;
  /** How many messages of each report are in each state: of slots opened since, and older ones that have not ended. */
  count(since: Date): Promise<{ readonly report: string; readonly state: PartState; readonly count: number }[]>;
}

export function messagesOf(database: Database, t: Tables): Messages {
  const listed = (which: Statement) => listMessages(database, t, which);
  return {
    add: (slotId, messages, content) => enterMessages(database, t, slotId, messages, content),

    list: (slotId) => listed(sql`m.slot_id = ${slotId}::bigint`),

    ofSlot: (report, slot, resend) =>
      listed(sql`
        m.slot_id in (
          select id from ${t.slots}
          where report = ${report} and ${keySlot} = ${slot}
            and (${resend ?? null}::int is null or resend = ${resend ?? null}::int)
        )`),

    async byId(id) {
      const [message] = await listed(sql`m.id = ${id}::bigint`);
      return message;
    },

    async lanes(slotId) {
      const rows = await database.query<{ lane: string }>(sql`
        select distinct step ->> 'lane' as lane from ${t.messages} m, jsonb_array_elements(m.rungs) as steps (step)
        where m.slot_id = ${slotId}::bigint order by lane`);
      return rows.map(({ lane }) => lane);
    },

    async progress(slotId) {
      const [row] = await database.query<SlotProgress>(sql`
        select
          count(*) filter (where p.state = 'queued')::int as queued,
          count(*) filter (where p.state = 'sending')::int as sending,
          count(*) filter (
            where p.state = 'queued' and p.not_before <= now() and ${hasTurn(t)}
              and not exists (select from ${t.lanes} l where l.name = p.lane and l.resume_at > now())
          )::int as ready
        from ${t.parts} p join ${t.messages} m on m.id = p.message_id
        where m.slot_id = ${slotId}::bigint`);
      return row ?? { queued: 0, ready: 0, sending: 0 };
    },

    attention: (limit) =>
      database.query<Attention>(sql`
        select distinct on (m.id) m.id, s.report, s.slot, m.recipient, p.lane as channel, p.state, p.reason
        from ${t.parts} p join ${t.messages} m on m.id = p.message_id join ${t.slots} s on s.id = m.slot_id
        where p.state in ('unclear', 'held', 'failed') and p.rung = m.rung
        order by m.id desc, p.id limit ${limit}`),

    count: (since) =>
      database.query(sql`
        with counted as (
          select m.id from ${t.messages} m join ${t.slots} s on s.id = m.slot_id
          where s.opened_at >= ${since.toISOString()}::timestamptz
          union
          select p.message_id from ${t.parts} p where p.state = 'queued'
          union
          select p.message_id from ${t.parts} p where p.state in ('sending', 'unclear', 'held')
        )
        select s.report, ms.state, count(*)::int as count
        from counted
        join ${t.messages} m on m.id = counted.id
        join ${t.slots} s on s.id = m.slot_id
        cross join lateral ${stateOf(t)} ms
        group by s.report, ms.state order by s.report, ms.state`),
  };
}

import { type Database, type Session, type Statement, sql } from '#engine';
import type { Rung } from '../edition/plan-messages.ts';
import { type MessageContent, type MessageFile, type NewMessage, partsOf } from '../enqueue/message.ts';
import type { SlotProgress } from '../send/send-slot.ts';
import { hasTurn } from './lanes.ts';
import { byUrgency, type PartState } from './moves.ts';
import { keySlot } from './slot-rows.ts';
import type { Tables } from './tables.ts';

/** A message and its parts as the ledger holds them now. */
export interface HeldMessage {
  readonly id: string;
  readonly edition: string;
  readonly entry: string;
  readonly recipient: string;
  /** The lane of the rung being tried. */
  readonly channel: string;
  readonly state: PartState;
  readonly parts: readonly HeldPart[];
}

/** A part on the rung being tried, with the files it carries. */
export interface HeldPart {
  readonly id: string;
  readonly reference: string;
  readonly state: PartState;
  readonly attempts: number;
  readonly reason: string | undefined;
  readonly providerId: string | undefined;
  readonly files: readonly MessageFile[];
}

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
  /** Enters messages with the parts of their first rung; those whose key is held stay as they are. Returns how many are new. */
  add(slotId: string, messages: readonly NewMessage[]): Promise<number>;
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

/** The state and lane of message `m`: of the parts of its rung, those of the one that most needs looking after. */
export function stateOf(t: Tables): Statement {
  return sql`(
    select o.state, o.lane from ${t.parts} o where o.message_id = m.id and o.rung = m.rung
    order by array_position(${byUrgency}::text[], o.state) limit 1
  )`;
}

interface EnteredRow {
  readonly id: string;
  readonly key: string;
}

export function messagesOf(database: Database, t: Tables): Messages {
  const listed = async (which: Statement): Promise<HeldMessage[]> => {
    const rows = await database.query<MessageRow>(sql`
      select m.id, m.key, m.edition, m.entry, m.recipient, m.rungs, m.content, m.rung, s.state, s.lane,
        p.id as part_id, p.place, p.reference, p.state as part_state, p.attempts, p.reason, p.provider_id
      from ${t.messages} m
      cross join lateral ${stateOf(t)} s
      join ${t.parts} p on p.message_id = m.id and p.rung = m.rung
      where ${which}
      order by m.id, p.place`);
    const byId = new Map<string, MessageRow[]>();
    for (const row of rows) {
      const known = byId.get(row.id);
      if (known) known.push(row);
      else byId.set(row.id, [row]);
    }
    return [...byId.values()].flatMap(messageOf);
  };
  return {
    add: (slotId, messages) =>
      database.transaction(async (tx) => {
        const entered = await tx.query<EnteredRow>(sql`
          insert into ${t.messages} (slot_id, key, edition, entry, recipient, recipient_name, rungs, content)
          select ${slotId}::bigint, key, edition, entry, recipient ->> 'id', recipient ->> 'name', rungs, content
          from jsonb_to_recordset(${JSON.stringify(messages)}::jsonb)
            as given (key text, edition text, entry text, recipient jsonb, rungs jsonb, content jsonb)
          on conflict (key) do nothing returning id, key`);
        const byKey = new Map(messages.map((message) => [message.key, message]));
        await addParts(tx, t, entered, byKey);
        await tx.query(sql`
          insert into ${t.events} (event, report, slot, edition, recipient, channel)
          select 'queued', s.report, s.slot, m.edition, m.recipient, m.rungs -> 0 ->> 'lane'
          from ${t.messages} m join ${t.slots} s on s.id = m.slot_id
          where m.id in (select jsonb_array_elements_text(${JSON.stringify(entered.map(({ id }) => id))}::jsonb)::bigint)
          order by m.id`);
        return entered.length;
      }),

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

/** Enters the parts of each message's first rung. */
async function addParts(
  tx: Session,
  t: Tables,
  entered: readonly EnteredRow[],
  messages: ReadonlyMap<string, NewMessage>,
): Promise<void> {
  const parts = entered.flatMap(({ id, key }) => {
    const message = messages.get(key);
    return message ? partsOf(message, 0).map((part) => ({ message: id, ...part, content: undefined })) : [];
  });
  await insertParts(tx, t, parts);
}

interface PartToEnter {
  readonly message: string;
  readonly key: string;
  readonly reference: string;
  readonly rung: number;
  readonly place: number;
  readonly lane: string;
  readonly address: string;
}

/** Enters parts as queued. What they carry is not written again: it follows from the message's frozen content. */
export async function insertParts(tx: Session, t: Tables, parts: readonly PartToEnter[]): Promise<void> {
  await tx.query(sql`
    insert into ${t.parts} (message_id, slot_id, key, reference, rung, place, lane, address, state)
    select m.id, m.slot_id, given.key, reference, given.rung, place, lane, address, 'queued'
    from jsonb_to_recordset(${JSON.stringify(parts)}::jsonb)
      as given (message text, key text, reference text, rung int, place int, lane text, address text)
    join ${t.messages} m on m.id = given.message::bigint`);
}

interface MessageRow {
  readonly id: string;
  readonly key: string;
  readonly edition: string;
  readonly entry: string;
  readonly recipient: string;
  readonly rungs: readonly Rung[];
  readonly content: MessageContent;
  readonly rung: number;
  readonly state: PartState;
  readonly lane: string;
  readonly part_id: string;
  readonly place: number;
  readonly reference: string;
  readonly part_state: PartState;
  readonly attempts: number;
  readonly reason: string | null;
  readonly provider_id: string | null;
}

function messageOf(rows: readonly MessageRow[]): HeldMessage[] {
  const [first] = rows;
  if (first === undefined) return [];
  const carried = partsOf(first, first.rung);
  const parts = rows.map((row) => ({
    id: row.part_id,
    reference: row.reference,
    state: row.part_state,
    attempts: row.attempts,
    reason: row.reason ?? undefined,
    providerId: row.provider_id ?? undefined,
    files: filesOf(carried[row.place]?.content),
  }));
  const { id, edition, entry, recipient, lane, state } = first;
  return [{ id, edition, entry, recipient, channel: lane, state, parts }];
}

function filesOf(content: MessageContent | undefined): MessageFile[] {
  if (content === undefined) return [];
  return content.inline ? [...content.attachments, content.inline] : [...content.attachments];
}

import { type Database, type Session, sql } from '#engine';
import { type NewMessage, partsOf } from '../enqueue/message.ts';
import { isFrozenTo, refuseLost } from './slot-rows.ts';
import type { Tables } from './tables.ts';

interface EnteredRow {
  readonly id: string;
  readonly key: string;
}

/** Enters messages with the parts of their first rung, unless the slot they are of is not frozen to their content any more. */
export function enterMessages(
  database: Database,
  t: Tables,
  slotId: string,
  messages: readonly NewMessage[],
  content: string | undefined,
): Promise<number> {
  return database.transaction(async (tx) => {
    // Kept as it is until the messages are in: whoever would let go of the content meanwhile waits.
    const slots = await tx.query(sql`
      select id from ${t.slots} where id = ${slotId}::bigint and ${isFrozenTo(t, slotId, content)} for share`);
    refuseLost(slots);
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
  });
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

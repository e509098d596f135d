import { type Database, type Session, type Statement, sql } from '#engine';
import { nextKey, partReference } from '../enqueue/key.ts';
import { statesBeforeByHand } from './moves.ts';
import type { Tables } from './tables.ts';

/** What a person does to messages. Each returns how many parts it moved. */
export interface ByHand {
  /**
   * Queues again, with fresh attempts, what failed or was cancelled on the rung being tried; what was sent stays sent. To
   * an address that was given up because of that, it is tried once more; a person's own wish stays.
   */
  retry(messages: readonly string[]): Promise<number>;
  /** Takes back what is still queued; what is being sent, or was, is not to be had back. */
  cancel(messages: readonly string[]): Promise<number>;
}

export function byHandOf(database: Database, t: Tables): ByHand {
  const move = async (
    session: Session,
    messages: readonly string[],
    to: 'queued' | 'cancelled',
    event: string,
    set: Statement,
  ) => {
    const rows = await session.query(sql`
      with moved as (
        update ${t.parts} p set state = ${to}, changed_at = now(), ${set}
        from ${t.messages} m
        where m.id = p.message_id and p.rung = m.rung and p.state = any(${statesBeforeByHand(to)})
          and m.id in (select jsonb_array_elements_text(${JSON.stringify(messages)}::jsonb)::bigint)
        returning p.lane, p.reference, p.attempts, m.edition, m.recipient, m.slot_id
      )
      insert into ${t.events} (event, report, slot, edition, recipient, channel, part, attempt, outcome)
      select ${event}, s.report, s.slot, moved.edition, moved.recipient, moved.lane, moved.reference, moved.attempts, ${to}
      from moved join ${t.slots} s on s.id = moved.slot_id
      returning id`);
    return rows.length;
  };
  return {
    retry: (messages) =>
      database.transaction(async (tx) => {
        await renameBounced(tx, t, messages);
        await takeBackRefused(tx, t, messages);
        return move(tx, messages, 'queued', 'tried again by hand', sql`reason = null, spent = 0, not_before = now()`);
      }),
    cancel: (messages) => move(database, messages, 'cancelled', 'cancelled by hand', sql`reason = 'cancelled by hand'`),
  };
}

/**
 * Gives parts that went and came back a new name: under the old one the first mail would be found in a journal, taken for
 * the second, and dropped by mail servers that know its Message-ID. Their addresses are no longer given up.
 */
async function renameBounced(tx: Session, t: Tables, messages: readonly string[]): Promise<void> {
  const bounced = await tx.query<{ id: string; key: string; reference: string }>(sql`
    select p.id, p.key, p.reference from ${t.parts} p join ${t.messages} m on m.id = p.message_id and m.rung = p.rung
    where m.id in (select jsonb_array_elements_text(${JSON.stringify(messages)}::jsonb)::bigint) and p.state = 'failed'
      and exists (select from ${t.receipts} r where r.part_id = p.id and r.kind = 'undelivered')
    for update of p`);
  for (const { id, key, reference } of bounced) {
    const next = nextKey(key);
    await tx.query(sql`
      insert into ${t.former_references} (reference, part_id) values (${reference}, ${id}::bigint) on conflict do nothing`);
    await tx.query(sql`
      update ${t.parts} set key = ${next}, reference = ${partReference(next)}, provider_id = null,
        may_have_gone = false
      where id = ${id}::bigint`);
    await tx.query(sql`
      delete from ${t.suppressions} x using ${t.parts} p
      where p.id = ${id}::bigint and x.lane = p.lane and x.address = lower(p.address) and x.report = ''`);
  }
}

/** Addresses that were given up when these parts were refused, and for no other reason, are written to again. */
async function takeBackRefused(tx: Session, t: Tables, messages: readonly string[]): Promise<void> {
  await tx.query(sql`
    delete from ${t.suppressions} x using ${t.parts} p join ${t.messages} m on m.id = p.message_id and m.rung = p.rung
    where m.id in (select jsonb_array_elements_text(${JSON.stringify(messages)}::jsonb)::bigint) and p.state = 'failed'
      and x.lane = p.lane and x.address = lower(p.address) and x.report = '' and x.reason = p.reason`);
}

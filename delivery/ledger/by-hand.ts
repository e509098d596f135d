import { type Database, type Statement, sql } from '#engine';
import { statesBeforeByHand } from './moves.ts';
import type { Tables } from './tables.ts';

/** What a person does to messages. Each returns how many parts it moved. */
export interface ByHand {
  /** Queues again, with fresh attempts, what failed or was cancelled on the rung being tried; what was sent stays sent. */
  retry(messages: readonly string[]): Promise<number>;
  /** Takes back what is still queued; what is being sent, or was, is not to be had back. */
  cancel(messages: readonly string[]): Promise<number>;
}

export function byHandOf(database: Database, t: Tables): ByHand {
  const move = async (messages: readonly string[], to: 'queued' | 'cancelled', event: string, set: Statement) => {
    const rows = await database.query(sql`
      with moved as (
        update ${t.parts} p set state = ${to}, changed_at = now(), ${set}
        from ${t.messages} m
        where m.id = p.message_id and p.rung = m.rung and p.state = any(${statesBeforeByHand(to)})
          and m.id in (select jsonb_array_elements_text(${JSON.stringify(messages)}::jsonb)::bigint)
        returning p.lane, p.attempts, m.edition, m.recipient, m.slot_id
      )
      insert into ${t.events} (event, report, slot, edition, recipient, channel, attempt, outcome)
      select ${event}, s.report, s.slot, moved.edition, moved.recipient, moved.lane, moved.attempts, ${to}
      from moved join ${t.slots} s on s.id = moved.slot_id
      returning id`);
    return rows.length;
  };
  return {
    retry: (messages) =>
      move(messages, 'queued', 'tried again by hand', sql`reason = null, spent = 0, not_before = now()`),
    cancel: (messages) => move(messages, 'cancelled', 'cancelled by hand', sql`reason = 'cancelled by hand'`),
  };
}

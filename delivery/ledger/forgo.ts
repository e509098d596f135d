import { type Database, sql } from '#engine';
import type { Tables } from './tables.ts';

const reason = 'the answer to its claim was lost: it was not tried';

/**
 * Queues again what one claim took and its claimant never learned of: no provider has heard of it. What ran out of its
 * lease meanwhile is unclear like any other. Returns how many parts.
 */
export async function forgoClaim(database: Database, t: Tables, owner: string): Promise<number> {
  const parts = await database.query(sql`
    with forgone as (
      update ${t.attempts} set ended_at = now(), outcome = 'queued', reason = ${reason}
      where owner = ${owner} and ended_at is null
      returning part_id, number
    ),
    moved as (
      update ${t.parts} p set state = 'queued', reason = ${reason}, changed_at = now()
      from forgone where p.id = forgone.part_id and p.attempts = forgone.number and p.state = 'sending'
      returning p.id, p.message_id, p.lane, p.reference, forgone.number
    )
    insert into ${t.events} (event, report, slot, edition, recipient, channel, part, attempt, outcome, detail)
    select 'attempt ended', s.report, s.slot, m.edition, m.recipient, moved.lane, moved.reference, moved.number, 'queued', ${reason}
    from moved join ${t.messages} m on m.id = moved.message_id join ${t.slots} s on s.id = m.slot_id
    returning id`);
  return parts.length;
}

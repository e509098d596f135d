import { type Database, sql } from '#engine';
import type { Attempt } from '../send/channel.ts';
import { applyReceipts, isAbout } from './receipts.ts';
import type { Tables } from './tables.ts';

/**
 * Extends the lease of an attempt that is still open and in time. It does not wait for the disk: were it lost in a crash of
 * the database, the lease would only run out sooner.
 */
export async function renewAttempt(database: Database, t: Tables, attempt: Attempt, seconds: number): Promise<boolean> {
  const rows = await database.query(sql`
    update ${t.attempts} set lease_until = now() + make_interval(secs => ${seconds})
    from (select set_config('synchronous_commit', 'off', true)) as hasty
    where id = ${attempt.id}::bigint and ended_at is null and lease_until > now() returning id`);
  return rows.length > 0;
}

/**
 * Ends the attempts whose lease ran out: their senders died or stalled, so that their parts may have gone. They become
 * unclear and are never queued by this.
 */
export async function sweepAttempts(database: Database, t: Tables): Promise<number> {
  const parts = await database.query<{ part_id: string }>(sql`
    with swept as (
      update ${t.attempts} set ended_at = now(), outcome = 'unclear', reason = 'the lease ran out'
      where id in (
        -- What is being settled just now is left alone.
        select id from ${t.attempts} where ended_at is null and lease_until < now() for update skip locked
      )
      returning part_id, number
    ),
    moved as (
      update ${t.parts} p set state = 'unclear', reason = 'the lease ran out', changed_at = now()
      from swept where p.id = swept.part_id and p.state = 'sending'
      returning p.id, p.message_id, p.lane, p.reference, swept.number
    ),
    told as (
      insert into ${t.events} (event, report, slot, edition, recipient, channel, part, attempt, outcome, detail)
      select 'attempt ended', s.report, s.slot, m.edition, m.recipient, moved.lane, moved.reference, moved.number, 'unclear', 'the lease ran out'
      from moved join ${t.messages} m on m.id = moved.message_id join ${t.slots} s on s.id = m.slot_id
    )
    select id as part_id from moved`);
  await applyWaiting(database, t);
  return parts.length;
}

/**
 * Moves unclear parts by receipts that came while they were being sent. Found anew each time rather than from what was just
 * swept: a crash between sweep and this must not leave them waiting.
 */
async function applyWaiting(database: Database, t: Tables): Promise<void> {
  const parts = await database.query<{ id: string }>(sql`
    select p.id from ${t.parts} p
    where p.state = 'unclear' and exists (select from ${t.receipts} r where r.part_id is null and ${isAbout})`);
  for (const { id } of parts) {
    await database.transaction(async (tx) => {
      await tx.query(sql`select id from ${t.parts} where id = ${id}::bigint for update`);
      await applyReceipts(tx, t, id);
    });
  }
}

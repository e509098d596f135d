import { type Database, type Session, sql } from '#engine';
import type { Settlement } from '../send/after-attempt.ts';
import type { Attempt } from '../send/channel.ts';
import { goOnWithLadder } from './ladder.ts';
import { statesBefore } from './moves.ts';
import { applyReceipts, lockProviderId } from './receipts.ts';
import { suppressPart } from './suppressions.ts';
import type { Tables } from './tables.ts';

/** Extends the lease of an attempt that is still open and in time. */
export async function renewAttempt(database: Database, t: Tables, attempt: Attempt, seconds: number): Promise<boolean> {
  const rows = await database.query(sql`
    update ${t.attempts} set lease_until = now() + make_interval(secs => ${seconds})
    where id = ${attempt.id}::bigint and ended_at is null and lease_until > now() returning id`);
  return rows.length > 0;
}

/**
 * Ends the attempts whose lease ran out: their senders died or stalled, so that their parts may have gone. They become
 * unclear and are never queued by this.
 */
export async function sweepAttempts(database: Database, t: Tables): Promise<number> {
  const rows = await database.query(sql`
    with swept as (
      update ${t.attempts} set ended_at = now(), outcome = 'unclear', reason = 'the lease ran out'
      where ended_at is null and lease_until < now()
      returning part_id, number
    ),
    moved as (
      update ${t.parts} p set state = 'unclear', reason = 'the lease ran out', changed_at = now()
      from swept where p.id = swept.part_id and p.state = 'sending'
      returning p.id, p.message_id, p.lane, swept.number
    )
    insert into ${t.events} (event, report, slot, edition, recipient, channel, attempt, outcome, detail)
    select 'attempt ended', s.report, s.slot, m.edition, m.recipient, moved.lane, moved.number, 'unclear', 'the lease ran out'
    from moved join ${t.messages} m on m.id = moved.message_id join ${t.slots} s on s.id = m.slot_id
    returning id`);
  return rows.length;
}

/** Ends an attempt and moves its part; a ladder whose rung has surely failed goes on in the same transaction. */
export async function settleAttempt(database: Database, t: Tables, attempt: Attempt, how: Settlement): Promise<void> {
  await database.transaction(async (tx) => {
    const outcome = how.kind;
    const reason = how.kind === 'sent' ? null : how.reason;
    const providerId = how.kind === 'sent' ? how.providerId : null;
    if (how.kind === 'sent') await lockProviderId(tx, await laneOf(tx, t, attempt), how.providerId);
    const [ended] = await tx.query<{ part_id: string }>(sql`
      update ${t.attempts}
      set ended_at = now(), outcome = ${outcome}, reason = ${reason}, provider_id = ${providerId}
      where id = ${attempt.id}::bigint and ended_at is null returning part_id`);
    if (ended === undefined) return settleLate(tx, t, attempt, how);
    const queued = how.kind === 'queued' ? how : undefined;
    await tx.query(sql`
      update ${t.parts}
      set state = ${outcome}, reason = ${reason}, provider_id = ${providerId}, changed_at = now(),
        spent = spent + ${queued?.wholeLane ? 0 : 1},
        not_before = coalesce(${queued?.wholeLane ? null : (queued?.at.toISOString() ?? null)}::timestamptz, not_before)
      where id = ${ended.part_id}::bigint and state = any(${statesBefore(outcome)})`);
    await recordEnd(tx, t, attempt, outcome, reason);
    if (queued?.wholeLane) await pauseLane(tx, t, ended.part_id, queued);
    if (how.kind === 'sent') await clearLane(tx, t, ended.part_id);
    if (how.kind === 'failed' && how.suppress) await suppressPart(tx, t, ended.part_id, how.reason);
    // A receipt may have been faster than the answer.
    await applyReceipts(tx, t, ended.part_id);
    await goOnWithLadder(tx, t, ended.part_id);
  });
}

async function laneOf(tx: Session, t: Tables, attempt: Attempt): Promise<string> {
  const [row] = await tx.query<{ lane: string }>(sql`
    select p.lane from ${t.attempts} a join ${t.parts} p on p.id = a.part_id where a.id = ${attempt.id}::bigint`);
  return row?.lane ?? '';
}

/** An answer after the lease ran out: only that it was accepted still matters. */
async function settleLate(tx: Session, t: Tables, attempt: Attempt, how: Settlement): Promise<void> {
  if (how.kind === 'sent') {
    const [part] = await tx.query<{ id: string }>(sql`
      update ${t.parts} p set state = 'sent', provider_id = ${how.providerId}, reason = null, changed_at = now()
      from ${t.attempts} a
      where a.id = ${attempt.id}::bigint and p.id = a.part_id and p.attempts = a.number
        and p.state in ('unclear', 'held') returning p.id`);
    if (part) await applyReceipts(tx, t, part.id);
  }
  await recordEnd(tx, t, attempt, `${how.kind}, too late`, how.kind === 'sent' ? null : how.reason);
}

async function recordEnd(
  tx: Session,
  t: Tables,
  attempt: Attempt,
  outcome: string,
  reason: string | null,
): Promise<void> {
  await tx.query(sql`
    insert into ${t.events} (event, report, slot, edition, recipient, channel, attempt, outcome, detail)
    select 'attempt ended', s.report, s.slot, m.edition, m.recipient, p.lane, a.number, ${outcome}, ${reason}
    from ${t.attempts} a
    join ${t.parts} p on p.id = a.part_id
    join ${t.messages} m on m.id = p.message_id
    join ${t.slots} s on s.id = m.slot_id
    where a.id = ${attempt.id}::bigint`);
}

async function pauseLane(
  tx: Session,
  t: Tables,
  partId: string,
  why: { readonly at: Date; readonly reason: string },
): Promise<void> {
  await tx.query(sql`
    update ${t.lanes} l set resume_at = ${why.at.toISOString()}::timestamptz, trouble = ${why.reason}, troubled_at = coalesce(troubled_at, now())
    from ${t.parts} p where p.id = ${partId}::bigint and l.name = p.lane`);
}

/** A lane that has sent something is out of trouble. */
async function clearLane(tx: Session, t: Tables, partId: string): Promise<void> {
  await tx.query(sql`
    update ${t.lanes} l set resume_at = null, trouble = null, troubled_at = null
    from ${t.parts} p where p.id = ${partId}::bigint and l.name = p.lane and l.trouble is not null`);
}

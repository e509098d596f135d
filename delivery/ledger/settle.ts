import { type Database, type Session, sql } from '#engine';
import type { Settlement } from '../send/after-attempt.ts';
import type { Attempt } from '../send/channel.ts';
import type { SentAttempt } from '../send/send-ledger.ts';
import { endAttempts } from './end-attempts.ts';
import { goOnWithLadder } from './ladder.ts';
import { applyReceipts, lockProviderIds, withReceipts } from './receipts.ts';
import { suppressPart } from './suppressions.ts';
import type { Tables } from './tables.ts';

/** Settles what was accepted in a lane: done for every mail there is, and therefore for many at once. */
export async function settleSent(tx: Session, t: Tables, lane: string, sent: readonly SentAttempt[]): Promise<void> {
  await lockProviderIds(
    tx,
    lane,
    sent.map(({ settlement }) => settlement.providerId),
  );
  const ended = await endAttempts(tx, t, sent);
  const inTime = new Set(ended.map(({ id }) => id));
  for (const { attempt, settlement } of sent) {
    if (!inTime.has(attempt.id)) await settleLate(tx, t, attempt, settlement);
  }
  const [troubled] = ended.filter((one) => one.troubled);
  if (troubled) await clearLane(tx, t, troubled.part_id);
  // A receipt may have been faster than the answer. Asked in a statement of its own: the one before may have waited for
  // whoever brought it, and would not see it.
  const parts = ended.map(({ part_id }) => part_id);
  for (const part of await withReceipts(tx, t, parts)) await applyReceipts(tx, t, part);
}

/** Ends an attempt and moves its part; a ladder whose rung has surely failed goes on in the same transaction. */
export async function settleAttempt(database: Database, t: Tables, attempt: Attempt, how: Settlement): Promise<void> {
  await database.transaction(async (tx) => {
    if (how.kind === 'sent') {
      return settleSent(tx, t, await laneOf(tx, t, attempt), [{ attempt, settlement: how }]);
    }
    const [ended] = await endAttempts(tx, t, [{ attempt, settlement: how }]);
    if (ended === undefined) return settleLate(tx, t, attempt, how);
    if (how.kind === 'queued' && how.wholeLane) await pauseLane(tx, t, ended.part_id, how);
    if (how.kind === 'failed' && how.suppress) await suppressPart(tx, t, ended.part_id, how.reason);
    await applyReceipts(tx, t, ended.part_id);
    await goOnWithLadder(tx, t, ended.part_id);
  });
}

async function laneOf(tx: Session, t: Tables, attempt: Attempt): Promise<string> {
  const [row] = await tx.query<{ lane: string }>(sql`
    select p.lane from ${t.attempts} a join ${t.parts} p on p.id = a.part_id where a.id = ${attempt.id}::bigint`);
  return row?.lane ?? '';
}

/**
 * An answer after the lease ran out: only that it was accepted still matters. Settled the same before, it is the second try
 * of one whose answer was lost.
 */
async function settleLate(tx: Session, t: Tables, attempt: Attempt, how: Settlement): Promise<void> {
  const [before] = await tx.query<{ outcome: string }>(sql`
    select outcome from ${t.attempts} where id = ${attempt.id}::bigint`);
  if (before?.outcome === how.kind) return;
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
    insert into ${t.events} (event, report, slot, edition, recipient, channel, part, attempt, outcome, detail)
    select 'attempt ended', s.report, s.slot, m.edition, m.recipient, p.lane, p.reference, a.number, ${outcome}, ${reason}
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

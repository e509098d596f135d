import { type Database, type Session, sql } from '#engine';
import type { Settlement } from '../send/after-attempt.ts';
import type { Attempt } from '../send/channel.ts';
import type { SentAttempt } from '../send/send-ledger.ts';
import { goOnWithLadder } from './ladder.ts';
import { statesBefore } from './moves.ts';
import { applyReceipts, isAbout, lockProviderIds, withReceipts } from './receipts.ts';
import { suppressPart } from './suppressions.ts';
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
      returning p.id, p.message_id, p.lane, swept.number
    ),
    told as (
      insert into ${t.events} (event, report, slot, edition, recipient, channel, attempt, outcome, detail)
      select 'attempt ended', s.report, s.slot, m.edition, m.recipient, moved.lane, moved.number, 'unclear', 'the lease ran out'
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

interface EndedRow {
  readonly id: string;
  readonly part_id: string;
  /** Its lane was in trouble. */
  readonly troubled: boolean;
}

interface Ending {
  readonly attempt: Attempt;
  readonly settlement: Settlement;
}

/** Ends attempts, their parts and the trail's lines in one statement. Those that had ended before are left out. */
async function endAttempts(tx: Session, t: Tables, endings: readonly Ending[]): Promise<EndedRow[]> {
  const given = endings.map(({ attempt, settlement: how }) => {
    const queued = how.kind === 'queued' ? how : undefined;
    return {
      attempt: attempt.id,
      outcome: how.kind,
      before: statesBefore(how.kind),
      reason: how.kind === 'sent' ? null : how.reason,
      provider_id: how.kind === 'sent' ? how.providerId : null,
      spends: queued?.wholeLane || queued?.free ? 0 : 1,
      at: queued?.wholeLane ? null : (queued?.at ?? null),
    };
  });
  return tx.query<EndedRow>(sql`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as given (
        attempt bigint, outcome text, before jsonb, reason text, provider_id text, spends int, at timestamptz
      )
    ),
    ended as (
      update ${t.attempts} a
      set ended_at = now(), outcome = given.outcome, reason = given.reason, provider_id = given.provider_id
      from given where a.id = given.attempt and a.ended_at is null
      returning a.id, a.part_id, a.number, given.*
    ),
    moved as (
      update ${t.parts} p
      set state = ended.outcome, reason = ended.reason, provider_id = ended.provider_id, changed_at = now(),
        spent = spent + ended.spends, not_before = coalesce(ended.at, not_before)
      from ended where p.id = ended.part_id and ended.before ? p.state
    ),
    told as (
      insert into ${t.events} (event, report, slot, edition, recipient, channel, attempt, outcome, detail)
      select 'attempt ended', s.report, s.slot, m.edition, m.recipient, p.lane, ended.number, ended.outcome, ended.reason
      from ended
      join ${t.parts} p on p.id = ended.part_id
      join ${t.messages} m on m.id = p.message_id
      join ${t.slots} s on s.id = m.slot_id
      order by ended.id
    )
    select ended.id, ended.part_id,
      exists (select from ${t.lanes} l where l.name = p.lane and l.trouble is not null) as troubled
    from ended join ${t.parts} p on p.id = ended.part_id`);
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

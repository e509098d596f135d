import { type Session, sql } from '#engine';
import type { Settlement } from '../send/after-attempt.ts';
import type { Attempt } from '../send/channel.ts';
import { statesBefore } from './moves.ts';
import type { Tables } from './tables.ts';

/** An attempt that has ended just now. */
export interface EndedRow {
  readonly id: string;
  readonly part_id: string;
  /** Its lane was in trouble. */
  readonly troubled: boolean;
}

/** How an attempt ended. */
export interface Ending {
  readonly attempt: Attempt;
  readonly settlement: Settlement;
}

/** Ends attempts, their parts and the trail's lines in one statement. Those that had ended before are left out. */
export async function endAttempts(tx: Session, t: Tables, endings: readonly Ending[]): Promise<EndedRow[]> {
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
      insert into ${t.events} (event, report, slot, edition, recipient, channel, part, attempt, outcome, detail)
      select 'attempt ended', s.report, s.slot, m.edition, m.recipient, p.lane, p.reference, ended.number, ended.outcome, ended.reason
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

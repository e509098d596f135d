import { type Database, type Session, sql } from '#engine';
import type { Rung } from '../edition/plan-messages.ts';
import { type MessageContent, partsOf } from '../enqueue/message.ts';
import type { Claim, ClaimWish } from '../send/send-ledger.ts';
import { goOnWithLadder } from './ladder.ts';
import { hasTurn } from './lanes.ts';
import type { PartState } from './moves.ts';
import { settleSent } from './settle.ts';
import { isSuppressed } from './suppressions.ts';
import type { Tables } from './tables.ts';

/** A part with all that sending or looking for it needs. */
export interface ClaimRow {
  readonly part_id: string;
  readonly key: string;
  readonly reference: string;
  readonly place: number;
  readonly rung: number;
  readonly address: string;
  readonly spent: number;
  readonly may_have_gone: boolean;
  readonly message_key: string;
  readonly recipient_name: string | null;
  readonly rungs: readonly Rung[];
  readonly content: MessageContent;
  readonly report: string;
  readonly slot: string;
  readonly attempt_id: string;
  readonly number: number;
  readonly started_at: string;
}

/** The columns of a `ClaimRow`, of parts `p`, messages `m`, slots `s` and attempts `a`. */
export const claimColumns = sql`
  p.id as part_id, p.key, p.reference, p.place, p.rung, p.address, p.spent, p.may_have_gone, m.key as message_key,
  m.recipient_name, m.rungs, m.content, s.report, s.slot, a.id as attempt_id, a.number, a.started_at`;

/**
 * Settles what was accepted and takes a lane's next parts in one transaction. Where nothing could be taken, what must not
 * be sent any more is put aside, and what that lets go on is taken.
 */
export async function claimParts(database: Database, t: Tables, wish: ClaimWish): Promise<Claim[]> {
  const { sent = [] } = wish;
  const claimed =
    sent.length === 0
      ? await takeNext(database, t, wish)
      : await database.transaction(async (tx) => {
          await settleSent(tx, t, wish.lane, sent);
          return takeNext(tx, t, wish);
        });
  if (claimed.length > 0 || wish.most === 0 || (await putAside(database, t, wish.lane)) === 0) return claimed;
  return takeNext(database, t, wish);
}

/**
 * Takes the next queued parts of a lane in one statement, so that they are committed as `sending`, with their attempts
 * and leases, before any provider hears of them. Parts that another process is taking are passed over.
 */
async function takeNext(on: Pick<Session, 'query'>, t: Tables, wish: ClaimWish): Promise<Claim[]> {
  const { lane, owner, seconds, most, slotId } = wish;
  if (most === 0) return [];
  const rows = await on.query<ClaimRow>(sql`
    with next as (
      select p.id
      from ${t.parts} p
      where p.lane = ${lane} and p.state = 'queued' and p.not_before <= now()
        ${slotId === undefined ? sql`` : sql`and p.slot_id = ${slotId}::bigint`}
        and ${hasTurn(t)}
        -- Asked of each part in its turn and not joined: a planner whose figures are older than the queue joins all of it,
        -- and sorts it, for each part that is taken.
        and (
          select s.state = 'sealed' and (s.useful_until is null or s.useful_until > now()) and not ${isSuppressed(t)}
          from ${t.slots} s where s.id = p.slot_id
        )
        and not exists (select from ${t.lanes} l where l.name = ${lane} and l.resume_at > now())
        and not exists (select from ${t.settings} where name = 'held')
      order by p.not_before, p.id
      limit ${most}
      for update of p skip locked
    ),
    claimed as (
      update ${t.parts} set state = 'sending', attempts = attempts + 1, reason = null, changed_at = now()
      from next where parts.id = next.id
      returning parts.*
    ),
    tried as (
      insert into ${t.attempts} (part_id, number, owner, lease_until)
      select id, attempts, ${owner}, now() + make_interval(secs => ${seconds}) from claimed
      returning id, part_id, number, started_at
    )
    select ${claimColumns}
    from claimed p
    join tried a on a.part_id = p.id
    join ${t.messages} m on m.id = p.message_id
    join ${t.slots} s on s.id = m.slot_id
    order by p.not_before, p.id`);
  return rows.flatMap((row) => claimOf(row) ?? []);
}

/** The part that a row describes; undefined when its message no longer holds its content. */
export function claimOf(row: ClaimRow): Claim | undefined {
  const { rungs, content } = row;
  const carried = partsOf({ key: row.message_key, rungs, content }, row.rung)[row.place];
  if (carried === undefined) return undefined;
  const quiet = rungs[row.rung]?.quiet;
  return {
    part: {
      id: row.part_id,
      key: row.key,
      reference: row.reference,
      report: row.report,
      slot: row.slot,
      address: row.address,
      ...(row.recipient_name === null ? {} : { recipientName: row.recipient_name }),
      content: carried.content,
      ...(row.may_have_gone ? { mayHaveGone: true as const } : {}),
    },
    attempt: { id: row.attempt_id, number: row.number, startedAt: new Date(row.started_at) },
    spent: row.spent,
    ...(quiet === undefined ? {} : { quiet }),
  };
}

/**
 * Puts aside what waits in a lane and must not be sent any more: parts whose slot is no longer useful, and those to
 * suppressed addresses, whose ladders go on. Returns how many.
 */
export async function putAside(database: Database, t: Tables, lane: string): Promise<number> {
  return database.transaction(async (tx) => {
    const aside = await tx.query<{ id: string; state: PartState }>(sql`
      with aside as (
        update ${t.parts} p
        set state = case when s.useful_until <= now() then 'expired' else 'suppressed' end,
          reason = case when s.useful_until <= now() then 'its useful time has passed' else 'the address is suppressed' end,
          changed_at = now()
        from ${t.messages} m join ${t.slots} s on s.id = m.slot_id
        where m.id = p.message_id and p.lane = ${lane} and p.state = 'queued'
          and (
            s.useful_until <= now()
            or ${isSuppressed(t)}
          )
        returning p.id, p.state, p.reason, p.lane, p.reference, m.edition, m.recipient, s.report, s.slot
      ),
      told as (
        insert into ${t.events} (event, report, slot, edition, recipient, channel, part, detail)
        select state, report, slot, edition, recipient, lane, reference, reason from aside
      )
      select id, state from aside`);
    for (const { id, state } of aside) if (state === 'suppressed') await goOnWithLadder(tx, t, id);
    return aside.length;
  });
}

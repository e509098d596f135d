import { type Database, Fault, type Statement, sql } from '#engine';
import type { AfterLook, ConfirmLedger, UnclearPart } from '../confirm/look.ts';
import { type ClaimRow, claimColumns, claimOf } from './claim.ts';
import { statesBefore } from './moves.ts';
import { applyReceipts } from './receipts.ts';
import type { Tables } from './tables.ts';

/** Parts that may have gone, and what a look or a person makes of them. */
export interface Unclear extends ConfirmLedger {
  /** A lane's parts that are unclear or held and whose last attempt began at or after an instant. */
  open(lane: string, since: Date): Promise<UnclearPart[]>;
  /** A person's word on a message whose parts are unclear or held. Returns how many parts it settled. */
  settleByHand(messageId: string, sent: boolean): Promise<number>;
}

export function unclearOf(database: Database, t: Tables): Unclear {
  const parts = async (which: Statement): Promise<UnclearPart[]> => {
    const rows = await database.query<ClaimRow>(sql`
      select ${claimColumns}
      from ${t.parts} p
      join ${t.attempts} a on a.part_id = p.id and a.number = p.attempts
      join ${t.messages} m on m.id = p.message_id
      join ${t.slots} s on s.id = m.slot_id
      where ${which} order by p.id`);
    return rows.map(claimOf).filter((part) => part !== undefined);
  };
  return {
    unclear: (lane, slotId) =>
      parts(sql`
        p.lane = ${lane} and p.state = 'unclear' and (${slotId ?? null}::bigint is null or s.id = ${slotId ?? null}::bigint)`),

    open: (lane, since) =>
      parts(sql`
        p.lane = ${lane} and p.state in ('unclear', 'held') and a.started_at >= ${since.toISOString()}::timestamptz`),

    async afterLook(part, after) {
      if (after.kind !== 'stay')
        await move(database, t, sql`p.id = ${part.id}::bigint and p.state in ('unclear', 'held')`, after, 'looked up');
    },

    async settleByHand(messageId, sent) {
      if (!/^\d+$/.test(messageId)) throw new Fault('invalid', `"${messageId}" is not the id of a message`);
      const after: AfterLook = sent ? { kind: 'sent', providerId: 'by hand' } : { kind: 'queued' };
      const parts = sql`p.message_id = ${messageId}::bigint and p.state = any(array['unclear', 'held'])`;
      return move(database, t, parts, after, 'settled by hand');
    },
  };
}

type Move = Exclude<AfterLook, { kind: 'stay' }>;

async function move(database: Database, t: Tables, parts: Statement, after: Move, event: string): Promise<number> {
  const reason = after.kind === 'held' ? after.reason : null;
  const providerId = after.kind === 'sent' ? after.providerId : null;
  return database.transaction(async (tx) => {
    const rows = await tx.query<{ id: string }>(sql`
      with moved as (
        update ${t.parts} p
        set state = ${after.kind}, reason = ${reason}, provider_id = ${providerId}, not_before = now(), changed_at = now(),
          may_have_gone = may_have_gone or ${after.kind === 'queued' && after.mayHaveGone === true}
        where ${parts} and p.state = any(${statesBefore(after.kind)})
        returning p.id, p.message_id, p.lane, p.reference, p.attempts
      ),
      told as (
        insert into ${t.events} (event, report, slot, edition, recipient, channel, part, attempt, outcome, detail)
        select ${event}, s.report, s.slot, m.edition, m.recipient, moved.lane, moved.reference, moved.attempts, ${after.kind}, ${reason}
        from moved join ${t.messages} m on m.id = moved.message_id join ${t.slots} s on s.id = m.slot_id
      )
      select id from moved`);
    if (after.kind === 'sent') for (const { id } of rows) await applyReceipts(tx, t, id);
    return rows.length;
  });
}

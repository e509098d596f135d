import { type Session, sql } from '#engine';
import type { Rung } from '../edition/plan-messages.ts';
import { type MessageContent, partsOf } from '../enqueue/message.ts';
import { insertParts } from './enter-messages.ts';
import { ladderMove, type PartState } from './moves.ts';
import type { Tables } from './tables.ts';

interface LadderRow {
  readonly id: string;
  readonly key: string;
  readonly rung: number;
  readonly rungs: readonly Rung[];
  readonly content: MessageContent;
  readonly states: readonly PartState[];
}

/** Queues the next rung of the part's message when its rung has surely failed; what of it still waits is cancelled. */
export async function goOnWithLadder(tx: Session, t: Tables, partId: string): Promise<void> {
  const [message] = await tx.query<LadderRow>(sql`
    select m.id, m.key, m.rung, m.rungs, m.content,
      (select json_agg(p.state) from ${t.parts} p where p.message_id = m.id and p.rung = m.rung) as states
    from ${t.messages} m
    where m.id = (select message_id from ${t.parts} where id = ${partId}::bigint)
    for update of m`);
  if (message === undefined || ladderMove(message.states) === 'stay') return;
  await tx.query(sql`
    update ${t.parts} set state = 'cancelled', reason = 'another part of the message failed', changed_at = now()
    where message_id = ${message.id}::bigint and rung = ${message.rung} and state = 'queued'`);
  const parts = partsOf(message, message.rung + 1);
  if (parts.length === 0) return;
  await tx.query(sql`update ${t.messages} set rung = rung + 1 where id = ${message.id}::bigint`);
  await insertParts(
    tx,
    t,
    parts.map(({ content: _, ...part }) => ({ message: message.id, ...part })),
  );
}

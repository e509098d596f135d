import { type Database, type Statement, sql } from '#engine';
import type { Rung } from '../edition/plan-messages.ts';
import { type MessageContent, type MessageFile, partsOf } from '../enqueue/message.ts';
import { byUrgency, type PartState } from './moves.ts';
import type { Tables } from './tables.ts';

/** A message and its parts as the ledger holds them now. */
export interface HeldMessage {
  readonly id: string;
  readonly edition: string;
  readonly entry: string;
  readonly recipient: string;
  /** The lane of the rung being tried. */
  readonly channel: string;
  readonly state: PartState;
  readonly parts: readonly HeldPart[];
}

/** A part on the rung being tried, with the files it carries. */
export interface HeldPart {
  readonly id: string;
  readonly reference: string;
  readonly state: PartState;
  readonly attempts: number;
  readonly reason: string | undefined;
  readonly providerId: string | undefined;
  readonly files: readonly MessageFile[];
}

/** The state and lane of message `m`: of the parts of its rung, those of the one that most needs looking after. */
export function stateOf(t: Tables): Statement {
  return sql`(
    select o.state, o.lane from ${t.parts} o where o.message_id = m.id and o.rung = m.rung
    order by array_position(${byUrgency}::text[], o.state) limit 1
  )`;
}

/** The messages `m` of which a condition holds, with their parts. */
export async function listMessages(database: Database, t: Tables, which: Statement): Promise<HeldMessage[]> {
  const rows = await database.query<MessageRow>(sql`
  select m.id, m.key, m.edition, m.entry, m.recipient, m.rungs, m.rung,
    -- The words of thousands are not wanted here, the files are.
    m.content || '{"text": "", "html": ""}' as content, s.state, s.lane,
    p.id as part_id, p.place, p.reference, p.state as part_state, p.attempts, p.reason, p.provider_id
  from ${t.messages} m
  cross join lateral ${stateOf(t)} s
  join ${t.parts} p on p.message_id = m.id and p.rung = m.rung
  where ${which}
  order by m.id, p.place`);
  const byId = new Map<string, MessageRow[]>();
  for (const row of rows) {
    const known = byId.get(row.id);
    if (known) known.push(row);
    else byId.set(row.id, [row]);
  }
  return [...byId.values()].flatMap(messageOf);
}

interface MessageRow {
  readonly id: string;
  readonly key: string;
  readonly edition: string;
  readonly entry: string;
  readonly recipient: string;
  readonly rungs: readonly Rung[];
  readonly content: MessageContent;
  readonly rung: number;
  readonly state: PartState;
  readonly lane: string;
  readonly part_id: string;
  readonly place: number;
  readonly reference: string;
  readonly part_state: PartState;
  readonly attempts: number;
  readonly reason: string | null;
  readonly provider_id: string | null;
}

function messageOf(rows: readonly MessageRow[]): HeldMessage[] {
  const [first] = rows;
  if (first === undefined) return [];
  const carried = partsOf(first, first.rung);
  const parts = rows.map((row) => ({
    id: row.part_id,
    reference: row.reference,
    state: row.part_state,
    attempts: row.attempts,
    reason: row.reason ?? undefined,
    providerId: row.provider_id ?? undefined,
    files: filesOf(carried[row.place]?.content),
  }));
  const { id, edition, entry, recipient, lane, state } = first;
  return [{ id, edition, entry, recipient, channel: lane, state, parts }];
}

function filesOf(content: MessageContent | undefined): MessageFile[] {
  if (content === undefined) return [];
  return content.inline ? [...content.attachments, content.inline] : [...content.attachments];
}

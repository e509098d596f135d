import { type Database, type Statement, sql } from '#engine';
import type { Tables } from './tables.ts';

/** A line of the trail, as `delivery log` prints it. Details never hold addresses or bodies. */
export interface TrailEvent {
  readonly id: string;
  /** ISO instant. */
  readonly at: string;
  readonly event: string;
  readonly report: string;
  readonly slot: string;
  /** Id of the message it is about, as `delivery settle` takes it; null where it is about none, or may be about several. */
  readonly message: string | null;
  readonly edition: string | null;
  readonly recipient: string | null;
  readonly channel: string | null;
  /** The reference of the part it is about, as mail logs and captions have it; null where it is about none or all. */
  readonly part: string | null;
  readonly attempt: number | null;
  readonly outcome: string | null;
  readonly detail: string | null;
}

/** Which lines of the trail, oldest first. */
export interface TrailFilter {
  readonly report?: string;
  readonly recipient?: string;
  /** Only lines after the one with this id. */
  readonly after?: string;
  /** The newest of them, at most. */
  readonly limit: number;
}

export async function readTrail(database: Database, t: Tables, filter: TrailFilter): Promise<TrailEvent[]> {
  const conditions: Statement[] = [sql`true`];
  if (filter.report !== undefined) conditions.push(sql`report = ${filter.report}`);
  if (filter.recipient !== undefined) conditions.push(sql`recipient = ${filter.recipient}`);
  if (filter.after !== undefined) conditions.push(sql`id > ${filter.after}::bigint`);
  const newest = await database.query<TrailEvent>(sql`
    with newest as (
      select id, at, event, report, slot, edition, recipient, channel, part, attempt, outcome, detail
      from ${t.events} where ${sql.join(conditions, ' AND ')} order by events.id desc limit ${filter.limit}
    )
    select newest.id, at, event, report, slot, coalesce(${messageOfPart(t)}, ${messageMeant(t)}) as message,
      edition, recipient, channel, part, attempt, outcome, detail
    from newest order by newest.id desc`);
  return newest.reverse();
}

const messageOfPart = (t: Tables): Statement =>
  sql`(select p.message_id::text from ${t.parts} p where p.reference = newest.part)`;

/** The one message to which a line of the trail fits that names no part, or one that was sent anew since. Issues of a slot share its name; of them the newest by then is meant. */
function messageMeant(t: Tables): Statement {
  return sql`
    (select case when count(*) = 1 then min(m.id)::text end
    from ${t.messages} m
    where newest.recipient is not null and m.edition = newest.edition and m.recipient = newest.recipient
      and jsonb_path_exists(m.rungs, '$[*].lane ? (@ == $lane)', jsonb_build_object('lane', newest.channel))
      and m.slot_id = (
        select s.id from ${t.slots} s
        where s.report = newest.report and s.slot = newest.slot and s.opened_at <= newest.at
        order by s.resend desc limit 1
      ))`;
}

/** An insert into the trail about a slot. */
export function slotEvent(t: Tables, slotId: string, event: string, detail: string | undefined): Statement {
  return sql`
    insert into ${t.events} (event, report, slot, detail)
    select ${event}, report, slot, ${detail ?? null} from ${t.slots} where id = ${slotId}::bigint`;
}

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
  readonly edition: string | null;
  readonly recipient: string | null;
  readonly channel: string | null;
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
    select id, at, event, report, slot, edition, recipient, channel, attempt, outcome, detail
    from ${t.events} where ${sql.join(conditions, ' AND ')} order by events.id desc limit ${filter.limit}`);
  return newest.reverse();
}

/** An insert into the trail about a slot. */
export function slotEvent(t: Tables, slotId: string, event: string, detail: string | undefined): Statement {
  return sql`
    insert into ${t.events} (event, report, slot, detail)
    select ${event}, report, slot, ${detail ?? null} from ${t.slots} where id = ${slotId}::bigint`;
}

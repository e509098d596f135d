import { type Database, type Session, type Statement, sql } from '#engine';
import type { OptOut } from '../send/channel.ts';
import type { Tables } from './tables.ts';
import { ownersReport } from './troubles.ts';

/** Whom a suppression keeps from getting what. */
export type SuppressionScope =
  /** Nothing arrives there: nobody is written to in vain. */
  | 'every-report'
  /** Its owner wants no more of this report; of others they said nothing. */
  | 'this-report';

/**
 * Condition that the address of part `p` must not get report `s.report` by its lane. Notices to owners go out all the
 * same: they are few, and a bounce judged wrongly must not silence trouble.
 */
export function isSuppressed(t: Tables): Statement {
  return sql`(s.report <> ${ownersReport} and exists (
    select from ${t.suppressions} x
    where x.lane = p.lane and x.address = lower(p.address) and x.report in ('', s.report)
  ))`;
}

/** Which of a lane's addresses must not get a report, and why, by the address as it was asked for. */
export async function readSuppressed(
  database: Database,
  t: Tables,
  lane: string,
  addresses: readonly string[],
  report: string,
): Promise<ReadonlyMap<string, string>> {
  if (report === ownersReport) return new Map();
  const rows = await database.query<{ address: string; reason: string }>(sql`
    select asked.address, x.reason from jsonb_array_elements_text(${JSON.stringify(addresses)}::jsonb) as asked (address)
    join ${t.suppressions} x on x.lane = ${lane} and x.address = lower(asked.address) and x.report in ('', ${report})
    order by x.report desc`);
  return new Map(rows.map(({ address, reason }) => [address, reason]));
}

/** An address that is not written to, by which lane, and of which report; `report` undefined: of none. */
export interface Suppression {
  readonly lane: string;
  readonly address: string;
  readonly report: string | undefined;
}

export interface HeldSuppression extends Suppression {
  readonly reason: string;
  /** ISO instant. */
  readonly at: string;
}

/** Whom a person keeps from being written to, or lets be written to again. */
export interface Suppressions {
  /** Newest first; of one lane where it is given. */
  list(lane?: string): Promise<HeldSuppression[]>;
  /** False where it is there already. */
  add(suppression: Suppression, reason: string): Promise<boolean>;
  /** Returns how many there were: with `report` undefined all of the address. */
  remove(suppression: Suppression): Promise<number>;
}

export function suppressionsOf(database: Database, t: Tables): Suppressions {
  return {
    async list(lane) {
      const rows = await database.query<HeldSuppression>(sql`
        select lane, address, nullif(report, '') as report, reason, at from ${t.suppressions}
        where ${lane ?? null}::text is null or lane = ${lane ?? null}::text
        order by suppressions.at desc, lane, address, report`);
      return rows.map((row) => ({ ...row, report: row.report ?? undefined }));
    },

    async add({ lane, address, report }, reason) {
      const rows = await database.query(sql`
        insert into ${t.suppressions} (lane, address, report, reason)
        values (${lane}, lower(${address}), ${report ?? ''}, ${reason})
        on conflict do nothing returning lane`);
      return rows.length > 0;
    },

    async remove({ lane, address, report }) {
      const rows = await database.query(sql`
        delete from ${t.suppressions}
        where lane = ${lane} and address = lower(${address})
          and (${report ?? null}::text is null or report = ${report ?? null}::text)
        returning lane`);
      return rows.length;
    },
  };
}

/** Ends the writing to a part's address in its lane. */
export async function suppressPart(
  tx: Session,
  t: Tables,
  partId: string,
  reason: string,
  scope: SuppressionScope = 'every-report',
): Promise<void> {
  await tx.query(sql`
    insert into ${t.suppressions} (lane, address, report, reason)
    select p.lane, lower(p.address), ${scope === 'every-report' ? sql`''` : sql`s.report`}, ${reason}
    from ${t.parts} p join ${t.messages} m on m.id = p.message_id join ${t.slots} s on s.id = m.slot_id
    where p.id = ${partId}::bigint on conflict do nothing`);
}

/**
 * Ends a report for the address that the part with this reference went to, whatever it was called when it went. False when
 * there is no such part.
 */
export async function unsubscribe(database: Database, t: Tables, reference: string): Promise<boolean> {
  return database.transaction(async (tx) => {
    const [part] = await tx.query<{ id: string }>(sql`
      select id from ${t.parts} where reference = ${reference}
      union all select part_id from ${t.former_references} where reference = ${reference}`);
    if (part === undefined) return false;
    await suppressPart(tx, t, part.id, 'unsubscribed', 'this-report');
    await tx.query(sql`
      insert into ${t.events} (event, report, slot, edition, recipient, channel, part)
      select 'unsubscribed', s.report, s.slot, m.edition, m.recipient, p.lane, p.reference
      from ${t.parts} p join ${t.messages} m on m.id = p.message_id join ${t.slots} s on s.id = m.slot_id
      where p.id = ${part.id}::bigint`);
    return true;
  });
}

const optedOut = 'opted out';

/** Ends the writing to an address in a lane by its owner's word to the provider, or takes that word back. Nothing else is lifted. */
export async function heedOptOut(
  database: Database,
  t: Tables,
  lane: string,
  { address, wish }: OptOut,
): Promise<void> {
  await (wish === 'stop'
    ? database.query(sql`
        insert into ${t.suppressions} (lane, address, reason) values (${lane}, lower(${address}), ${optedOut})
        on conflict do nothing`)
    : database.query(sql`
        delete from ${t.suppressions}
        where lane = ${lane} and address = lower(${address}) and report = '' and reason = ${optedOut}`));
}

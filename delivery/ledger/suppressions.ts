import { type Database, type Session, sql } from '#engine';
import type { Tables } from './tables.ts';

/** Which of a lane's addresses must not be written to, and why. */
export async function readSuppressed(
  database: Database,
  t: Tables,
  lane: string,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await database.query<{ address: string; reason: string }>(sql`
    select address, reason from ${t.suppressions}
    where lane = ${lane} and address in (select jsonb_array_elements_text(${JSON.stringify(addresses)}::jsonb))`);
  return new Map(rows.map(({ address, reason }) => [address, reason]));
}

/** Ends all writing to a part's address in its lane. */
export async function suppressPart(tx: Session, t: Tables, partId: string, reason: string): Promise<void> {
  await tx.query(sql`
    insert into ${t.suppressions} (lane, address, reason)
    select lane, address, ${reason} from ${t.parts} where id = ${partId}::bigint on conflict do nothing`);
}

/** Ends all writing to the address that the part with this reference went to. False when there is no such part. */
export async function unsubscribe(database: Database, t: Tables, reference: string): Promise<boolean> {
  return database.transaction(async (tx) => {
    const [part] = await tx.query<{ id: string }>(sql`select id from ${t.parts} where reference = ${reference}`);
    if (part === undefined) return false;
    await suppressPart(tx, t, part.id, 'unsubscribed');
    await tx.query(sql`
      insert into ${t.events} (event, report, slot, edition, recipient, channel)
      select 'unsubscribed', s.report, s.slot, m.edition, m.recipient, p.lane
      from ${t.parts} p join ${t.messages} m on m.id = p.message_id join ${t.slots} s on s.id = m.slot_id
      where p.id = ${part.id}::bigint`);
    return true;
  });
}

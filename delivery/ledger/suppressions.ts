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

import { type Database, sql } from '#engine';
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

import { randomBytes } from 'node:crypto';
import { type Database, Fault, sql } from '#engine';
import type { Tables } from './tables.ts';

/**
 * The secret behind the messages' keys. It is made once and stays with the messages it has keyed: a backup that brings
 * them back brings it back too, and another secret would send everything again.
 */
export async function readSecret(database: Database, t: Tables): Promise<string> {
  const fresh = randomBytes(32).toString('hex');
  await database.query(sql`
    insert into ${t.settings} (name, value) values ('message_secret', ${fresh}) on conflict (name) do nothing`);
  const [row] = await database.query<{ value: string }>(sql`
    select value from ${t.settings} where name = 'message_secret'`);
  if (row === undefined) throw new Fault('bug', 'the ledger has no secret');
  return row.value;
}

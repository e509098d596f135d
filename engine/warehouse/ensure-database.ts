import pg from 'pg';
import { quoteName } from './dialect.ts';
import type { Cluster } from './embedded.ts';
import { faultOf } from './sql-error.ts';

/** Makes a database of the embedded server unless it is there, and returns its URL. Two who make it at once both get it. */
export async function ensureDatabase(cluster: Cluster, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: cluster.url('postgres') });
  client.on('error', () => {}); // The query reports it.
  try {
    await client.connect();
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`create database ${quoteName(name)}`);
  } catch (error) {
    // duplicate_database, or unique_violation when the other one commits first
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw faultOf(error);
  } finally {
    await client.end();
  }
  return cluster.url(name);
}

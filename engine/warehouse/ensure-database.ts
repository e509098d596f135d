import pg from 'pg';
import { quoteName } from './dialect.ts';
import type { Cluster } from './embedded.ts';
import { faultOf } from './sql-error.ts';

/** Makes a database of the embedded server unless it is there, and returns its URL. Two who make it at once both get it. */
export async function ensureDatabase(cluster: Cluster, name: string): Promise<string> {
  if (cluster.databases.includes(name)) return cluster.url(name);
  const client = new pg.Client({ connectionString: cluster.url('postgres') });
  client.on('error', () => {}); // The query reports it.
  try {
    await client.connect();
    await client.query(`create database ${quoteName(name)}`);
  } catch (error) {
    // duplicate_database, or unique_violation when the other one commits first
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw faultOf(error);
  } finally {
    await client.end();
  }
  return cluster.url(name);
}

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { Database } from './database.ts';
import { openPostgres } from './postgres.ts';
import { testRedshift } from './test-redshift.ts';

/** A database of a test's own. */
export interface TestDatabase extends AsyncDisposable {
  readonly database: Database;
  /** PostgreSQL itself: `database`, or what is behind the stand-in for Redshift. For what only a test does. */
  readonly direct: Database;
  /** For processes that a test starts, and for a second `openPostgres`. */
  readonly url: string;
}

/**
 * Makes a fresh, empty database on the test server, or on another of which it is told the URL; disposed, it is closed and
 * dropped, whoever is still connected. With TIFFIN_TEST_WAREHOUSE=redshift it is reached through the stand-in. For files of the projects `database` and `whole`.
 */
export async function testDatabase(server: string = inject('testServer')): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  // Copying files takes a fifth of the time of the usual way through the log (20 ms), as long as nothing is synced.
  await onServer(server, `create database ${name} strategy file_copy`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const direct = await openPostgres(url.href);
  const redshift = process.env['TIFFIN_TEST_WAREHOUSE'] === 'redshift' ? await testRedshift(url.href) : undefined;
  const database = redshift?.database ?? direct;
  states.set(database, direct);
  return {
    database,
    direct,
    url: url.href,
    async [Symbol.asyncDispose]() {
      await redshift?.[Symbol.asyncDispose]();
      await direct[Symbol.asyncDispose]();
      await onServer(server, `drop database ${name} with (force)`);
    },
  };
}

const states = new WeakMap<Database, Database>();

/** Where runs on a test's warehouse are remembered: Redshift is no place for that. */
export const stateBeside = (database: Database): Database => states.get(database) ?? database;

async function onServer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  try {
    await client.connect();
    await client.query(statement);
  } finally {
    await client.end();
  }
}

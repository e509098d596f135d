import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import type { Binaries } from './binaries.ts';
import { quoteName } from './dialect.ts';
import { type Cluster, ensureCluster, stopCluster } from './embedded.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the test server's maintenance database. */
    readonly testServer: string;
  }
}

/** The test server's data need not outlive a power cut; a killed server still comes back whole. */
const hasty = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '128MB' };

/** With TIFFIN_TEST_WAREHOUSE=postgres15: Debian's package, of the oldest version that we promise to run on. */
const debian15: Binaries = {
  postgres: '/usr/lib/postgresql/15/bin/postgres',
  initdb: '/usr/lib/postgresql/15/bin/initdb',
  locale: ['--encoding=UTF8', '--locale=C.UTF-8'],
};
const binaries = process.env['TIFFIN_TEST_WAREHOUSE'] === 'postgres15' ? debian15 : undefined;
if (binaries && !existsSync(binaries.initdb))
  throw new Error('there is no PostgreSQL 15: apt-get install postgresql-15');

const folder = fileURLToPath(new URL(`../../var/test-postgres${binaries ? '15' : ''}`, import.meta.url));

/** The advisory lock that every test run shares while it uses the server. */
const inUse = 7_482_113;

/**
 * vitest's global set-up: one server for all runs of this checkout. Each run holds a shared lock while it lasts, so the
 * one that ends last, and no other, stops the server; TIFFIN_KEEP_TEST_CLUSTER=1 leaves it running for the next.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { cluster, client } = await join();
  project.provide('testServer', cluster.url('postgres'));
  return async () => {
    await client.query('select pg_advisory_unlock_shared($1)', [inUse]);
    const last = !process.env['TIFFIN_KEEP_TEST_CLUSTER'] && (await alone(client));
    // Still holding the lock alone: whoever comes now waits for it, loses the line, and starts the server anew.
    if (last) await stopCluster(folder);
    await client.end();
  };
}

/** Starts or adopts the server and takes part in the lock. A server that stops at this very moment is started again. */
async function join(): Promise<{ cluster: Cluster; client: pg.Client }> {
  for (let attempt = 1; ; attempt++) {
    const cluster = await ensureCluster(folder, { settings: hasty, ...(binaries && { binaries }) });
    const client = new pg.Client({ connectionString: cluster.url('postgres') });
    client.on('error', () => {}); // The query reports it.
    try {
      await client.connect();
      const first = await alone(client);
      if (first) await dropLeftovers(client);
      await client.query('select pg_advisory_lock_shared($1)', [inUse]);
      if (first) await client.query('select pg_advisory_unlock($1)', [inUse]);
      return { cluster, client };
    } catch (error) {
      await client.end();
      if (attempt === 5) throw error;
    }
  }
}

async function alone(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query('select pg_try_advisory_lock($1) as alone', [inUse]);
  return rows[0].alone;
}

/** Databases of runs that were killed. */
async function dropLeftovers(client: pg.Client): Promise<void> {
  const { rows } = await client.query(`select datname from pg_database where datname like 'test\\_%'`);
  for (const { datname } of rows) await client.query(`drop database if exists ${quoteName(datname)} with (force)`);
}

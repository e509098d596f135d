import { expect, test } from 'vitest';
import { sql } from '../warehouse/database.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { prepareState } from './state-schema.ts';

test('made once, by whoever comes first; what an earlier scheduler made by itself stays', async () => {
  await using store = await testDatabase();
  const { direct: database } = store;
  await database.query(sql`create schema engine_local`);
  await database.query(sql`create table engine_local.dags (dag text primary key, first_seen timestamptz not null default now(),
                             decided_until timestamptz not null)`);
  await database.query(sql`insert into engine_local.dags values ('daily', now(), now())`);
  await Promise.all([1, 2, 3].map(() => prepareState(database, 'local')));
  await prepareState(database, 'local');
  const tables = await database.query<{ name: string }>(
    sql`select table_name::text as name from information_schema.tables where table_schema = 'engine_local' order by 1`,
  );
  expect(tables.map(({ name }) => name)).toEqual([
    'dags',
    'migrations',
    'model_leases',
    'notices',
    'requests',
    'runs',
    'scheduler_lease',
    'steps',
    'ticks',
  ]);
  expect(await database.query(sql`select dag from engine_local.dags`)).toEqual([{ dag: 'daily' }]);
});

import { expect, test } from 'vitest';
import { sql } from './database.ts';
import { testDatabase } from './test-database.ts';

test('each test database is its own, empty and ours', async () => {
  await using one = await testDatabase();
  await using other = await testDatabase();
  await one.database.query(sql`create table only_here (id int)`);
  const tables = sql`select count(*)::int as n from pg_tables where schemaname = 'public'`;
  expect(await one.database.query(tables)).toEqual([{ n: 1 }]);
  expect(await other.database.query(tables)).toEqual([{ n: 0 }]);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { readDatasets } from './read-datasets.ts';

let one: TestDatabase;
beforeAll(async () => {
  one = await testDatabase();
});
afterAll(() => one[Symbol.asyncDispose]());

const limits = { rows: 100, time: 10_000 };
const never = new AbortController().signal;
const read = (queries: Record<string, string>, given = limits) =>
  readDatasets(
    one.database,
    Object.entries(queries).map(([name, sql]) => ({ name, sql })),
    given,
    never,
  );

test('columns have their types in their order, also without rows', async () => {
  const datasets = await read({
    full: `select 'a' as name, 12345678901234567890.10 as amount, 3 as n, date '2021-12-21' as day, null::bigint as "2021", true as ok`,
    empty: 'select 1.5::float8 as x where false',
  });
  expect(datasets.get('full')).toEqual({
    name: 'full',
    columns: [
      { name: 'name', type: 'text' },
      { name: 'amount', type: 'decimal' },
      { name: 'n', type: 'integer' },
      { name: 'day', type: 'date' },
      { name: '2021', type: 'integer' },
      { name: 'ok', type: 'boolean' },
    ],
    rows: [['a', '12345678901234567890.10', '3', '2021-12-21', null, true]],
  });
  expect(datasets.get('empty')).toEqual({ name: 'empty', columns: [{ name: 'x', type: 'decimal' }], rows: [] });
});

test('all datasets see one moment', async () => {
  const { database } = one;
  const sql = (await import('#engine')).sql;
  await database.query(sql`create table moments as select 1 as n`);
  // The first query is slow enough for the insert to be done before the second begins.
  const reading = read({
    first: 'select count(*) from moments, pg_sleep(0.5)',
    second: 'select count(*) from moments',
  });
  await database.query(sql`insert into moments values (2)`);
  const datasets = await reading;
  expect(datasets.get('second')?.rows).toEqual(datasets.get('first')?.rows);
});

test('mistakes and limits stop it and name the dataset', async () => {
  await expect(read({ a: 'select 1 as n', b: 'select nothing from nowhere' })).rejects.toThrow(/^dataset b: /);
  await expect(read({ twice: 'select 1 as n, 2 as n' })).rejects.toThrow('two columns are called "n"');
  await expect(read({ many: 'select generate_series(1, 101) as n' })).rejects.toThrow(
    'dataset many: more than 100 rows',
  );
  await expect(read({ slow: 'select pg_sleep(30)' }, { rows: 1, time: 200 })).rejects.toThrow(
    /^dataset slow: not read/,
  );
  await expect(read({ writes: 'delete from moments returning n' })).rejects.toThrow(/read-only/);
});

test('what the server refuses is told at the line of its file, with the nearest right name', async () => {
  const queries = [
    {
      name: 'stores',
      sql: 'select n.amount\nfrom (select 1 as amount) n\norder by n.amuont',
      file: 'reports/a/stores.sql',
    },
  ];
  await expect(readDatasets(one.database, queries, limits, never)).rejects.toMatchObject({
    message: 'dataset stores: column n.amuont does not exist [42703]',
    place: { file: 'reports/a/stores.sql', line: 3 },
    hint: 'Perhaps you meant to reference the column "n.amount".',
  });
});

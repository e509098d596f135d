import { expect, test } from 'vitest';
import { type Database, sql } from '../warehouse/database.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { compareKeys, diffTable } from './diff.ts';

async function table(database: Database, columns: string, rows: string): Promise<void> {
  await database.query(sql`create schema if not exists kpi`);
  await database.query(
    sql.__dangerous__rawValue(`create table kpi.t as select * from (values ${rows}) as v (${columns})`),
  );
}

const sideOf = ({ database }: { readonly database: Database }) => ({ database, table: { schema: 'kpi', name: 't' } });

test('rows on one side, rows that changed, columns of one side; nulls and letters beyond ASCII keep the order', async () => {
  await using one = await testDatabase();
  await using two = await testDatabase();
  await table(one.direct, 'id, n, old', `('é', 1, 0), ('z', 2, 0), (null, 3, 0), ('𝒳', 4, 0), ('a', 10, 0)`);
  await table(two.direct, 'id, n, new', `('z', 2, 0), ('é', 7, 0), ('\uFFFD', 5, 0), (null, 3, 0), ('a', 10, 0)`);
  const difference = await diffTable('kpi.t', ['id'], sideOf(one), sideOf(two));
  expect(difference).toMatchObject({
    there: { a: true, b: true },
    columns: { a: ['old'], b: ['new'] },
    rows: { a: 5, b: 5 },
    onlyA: 1,
    onlyB: 1,
    changed: 1,
    examples: [
      { key: ['é'], a: { n: '1' }, b: { n: '7' } },
      { key: ['\uFFFD'], a: null },
      { key: ['𝒳'], b: null },
    ],
  });
});

test('without a key, rows are told apart by all they hold, as often as they are there', async () => {
  await using one = await testDatabase();
  await using two = await testDatabase();
  await table(one.direct, 'id', '(1), (1), (2)');
  await table(two.direct, 'id', '(1), (2), (2)');
  expect(await diffTable('kpi.t', [], sideOf(one), sideOf(two))).toMatchObject({ onlyA: 1, onlyB: 1, changed: 0 });
  await two.direct.query(sql`drop table kpi.t`);
  expect(await diffTable('kpi.t', [], sideOf(one), sideOf(two))).toMatchObject({ there: { a: true, b: false } });
});

test('keys order by their bytes', () => {
  const keys = [['𝒳'], ['\uFFFD'], ['b'], [null], ['a']];
  expect(keys.toSorted(compareKeys)).toEqual([[null], ['a'], ['b'], ['\uFFFD'], ['𝒳']]);
});

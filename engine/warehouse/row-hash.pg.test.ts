import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeRelation } from './catalogue.ts';
import { sql } from './database.ts';
import { rowHash } from './row-hash.ts';
import { type TestDatabase, testDatabase } from './test-database.ts';

let own: TestDatabase;
beforeAll(async () => {
  own = await testDatabase();
});
afterAll(() => own[Symbol.asyncDispose]());

/** Whether the rows of two lists of values, of a type each, have the same sum of hashes. */
async function alike(types: readonly string[], one: readonly string[], other: readonly string[]): Promise<boolean> {
  const { database } = own;
  const columns = types.map((type, index) => `c${index} ${type}`).join(', ');
  const raw = (text: string) => sql.__dangerous__rawValue(text);
  await database.query(sql`drop table if exists one, other`);
  await database.query(sql`create table one (${raw(columns)})`);
  await database.query(sql`create table other (like one)`);
  await database.query(sql`insert into one values ${raw(one.join(', '))}`);
  await database.query(sql`insert into other values ${raw(other.join(', '))}`);
  const relation = await describeRelation(database, { schema: 'public', name: 'one' });
  const sum = sql`sum(${rowHash(relation?.columns ?? [])})`;
  const [row] = await database.query<{ alike: boolean }>(
    sql`select (select ${sum} from one) = (select ${sum} from other) as alike`,
  );
  return row?.alike === true;
}

test.each([
  ['order does not matter', ['int', 'text'], ["(1, 'a')", "(2, 'b')"], ["(2, 'b')", "(1, 'a')"], true],
  ['values that trade places do', ['int', 'text'], ["(1, 'a')", "(2, 'b')"], ["(1, 'b')", "(2, 'a')"], false],
  ['columns that trade values do', ['int', 'int'], ['(1, 2)'], ['(2, 1)'], false],
  ['null is not 0 or empty', ['int', 'text'], ["(null, 'a')"], ["(0, 'a')"], false],
  ['null and empty text', ['text', 'text'], ["(null, '')"], ["('', null)"], false],
  ['a numeric by its figures, where the type fixes them', ['numeric(8,2)'], ['(1)'], ['(1.00)'], true],
  ['a numeric as it is written, where it does not', ['numeric'], ['(1.0)'], ['(1.00)'], false],
  ['minus zero', ['float8'], ["('-0')"], ["('0')"], false],
  ['what has no hash of its own', ['json', 'point'], [`('{"a": 1}', '(1,2)')`], [`('{"a":1}', '(1,2)')`], false],
  ['an interval as it is written', ['interval'], ["('24 hours')"], ["('1 day')"], false],
  ['lists', ['text[]'], ["('{a,b}')"], ["('{b,a}')"], false],
])('%s', async (_, types, one, other, expected) => {
  expect(await alike(types, one, other)).toBe(expected);
  expect(await alike(types, one, one)).toBe(true);
});

test('text is compared byte by byte, whatever its collation calls equal', async () => {
  const { database } = own;
  await database.query(
    sql`create collation anycase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
  );
  expect(await alike(['text collate anycase'], ["('a')"], ["('A')"])).toBe(false);
});

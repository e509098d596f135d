import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sql } from '../warehouse/database.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { prepareLocal } from './library.ts';

/** Parts whose boundaries can be listed over a century, with what lies between two of them. */
const parts: readonly (readonly [string, string, number])[] = [
  ['century', '100 years', 36_500],
  ['decade', '10 years', 36_500],
  ['year', '1 year', 36_500],
  ['quarter', '3 months', 36_500],
  ['month', '1 month', 36_500],
  ['week', '7 days', 3_650],
  ['day', '1 day', 3_650],
  ['hour', '1 hour', 60],
  ['minute', '1 minute', 2],
];

test('DATEDIFF counts the boundaries that lie between two times', async () => {
  await using own = await testDatabase();
  await prepareLocal(own.database);
  const seconds = fc.integer({ min: -2_000_000_000, max: 4_000_000_000 });
  const pairs = fc.record({
    part: fc.constantFrom(...parts),
    a: seconds,
    span: fc.float({ min: -1, max: 1, noNaN: true }),
    edge: fc.boolean(),
  });
  const asked = fc.sample(pairs, 500).map(({ part: [part, step, days], a, span, edge }) => {
    const b = Math.round(a + span * days * 86_400);
    return { part, step, a, b, edge };
  });
  // Half of the times are moved onto a boundary, where counting goes wrong if it goes wrong.
  const wrong = await own.database.query(sql`
    with asked as (
      select part, step, case when edge then date_trunc(part, at_a) else at_a end as a,
             case when edge then date_trunc(part, at_b) else at_b end as b
      from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as one (part text, step interval, a bigint, b bigint, edge boolean),
           lateral (select timestamp '1970-01-01' + a * interval '1 second' as at_a,
                           timestamp '1970-01-01' + b * interval '1 second' as at_b) as times
    )
    select part, a::text, b::text, redshift.datediff(part, a, b) as given, counted
    from asked, lateral (
      select sign(extract(epoch from b - a)) * count(*) as counted
      from generate_series(date_trunc(part, least(a, b)), greatest(a, b), step) as boundary
      where boundary > least(a, b)
    ) as between_them
    where redshift.datediff(part, a, b) <> counted`);
  expect(wrong).toEqual([]);
});

test('made twice and at once, the functions are there once; an older version is replaced', async () => {
  await using own = await testDatabase();
  const { database } = own;
  await Promise.all([prepareLocal(database), prepareLocal(database)]);
  await database.query(
    sql`create or replace function redshift.getdate() returns timestamp language sql as 'select null::timestamp'`,
  );
  await prepareLocal(database);
  expect(await database.query(sql`select redshift.getdate() is null as old`)).toEqual([{ old: true }]);
  await database.query(sql`comment on schema redshift is 'Functions of Redshift, 1'`);
  await prepareLocal(database);
  expect(await database.query(sql`select redshift.getdate() is null as old`)).toEqual([{ old: false }]);
});

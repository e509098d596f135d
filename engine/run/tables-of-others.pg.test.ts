import { expect, test } from 'vitest';
import { type Database, sql } from '../warehouse/database.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { modelFile, testProject } from './test-project.ts';

const daily = modelFile(
  'materialized: incremental\ntime_column: day\ngrain: day',
  `select cast(at at time zone 'Asia/Kolkata' as date) as day, sum(amount) as amount from app.orders
   where at >= cast({{ window.from }} as timestamp) at time zone 'Asia/Kolkata'
     and at < cast({{ window.until }} as timestamp) at time zone 'Asia/Kolkata' group by 1`,
);
const source = (more: string) => `sources:
  - name: app.orders
    time_column: at
    lookback: 3d
${more}
    columns: { at: { type: timestamptz }, amount: { type: numeric }, changed_at: { type: timestamptz } }
`;

async function orders(direct: Database, ...rows: (readonly [string, number])[]) {
  await direct.query(sql`create schema if not exists app`);
  await direct.query(
    sql`create table if not exists app.orders (at timestamptz, amount numeric, changed_at timestamptz default now())`,
  );
  for (const [at, amount] of rows) await direct.query(sql`insert into app.orders values (${at}, ${amount})`);
}
/** Noon of a day of business, as an instant. */
const noon = (day: string) => new Date(`2021-09-${day}T12:00:00+05:30`);

test('days are over by the clock and closed_after; a row of the future moves nothing', async () => {
  await using store = await testDatabase();
  await orders(store.direct, ['2021-09-01T10:00:00+05:30', 1], ['2021-09-03T10:00:00+05:30', 3], ['2031-01-01', 9]);
  using project = testProject(store.database, {
    'models/sources.yml': source('    closed_after: 13h'),
    'models/kpi/daily.sql': daily,
  });
  expect(await project.run({ now: noon('04') })).toEqual([
    'app.orders 2021-09-01..2021-09-03 built',
    'kpi.daily 2021-09-01..2021-09-03 built',
  ]);
  expect(await project.run({ now: noon('04') })).toEqual([]);
  expect(await project.run({ now: new Date('2021-09-04T13:00:00+05:30') })).toEqual([
    'app.orders 2021-09-03..2021-09-04 built',
    'kpi.daily 2021-09-03..2021-09-04 built',
  ]);
});

test.each([
  ['rows compared whole', ''],
  ['updated_column', '    updated_column: changed_at'],
])('late and removed rows within lookback are noticed, by %s, and only their windows built', async (_, setting) => {
  await using store = await testDatabase();
  const { database, direct } = store;
  await orders(
    direct,
    ['2021-09-01T10:00:00+05:30', 1],
    ['2021-09-08T10:00:00+05:30', 8],
    ['2021-09-09T10:00:00+05:30', 9],
  );
  using project = testProject(database, { 'models/sources.yml': source(setting), 'models/kpi/daily.sql': daily });
  await project.run({ now: noon('10') });
  await orders(direct, ['2021-09-08T11:00:00+05:30', 80], ['2021-09-02T11:00:00+05:30', 20]);
  expect(await project.run({ now: noon('10') })).toEqual([
    'app.orders 2021-09-08..2021-09-09 built',
    'kpi.daily 2021-09-08..2021-09-09 built',
  ]);
  await direct.query(sql`delete from app.orders where amount = 9`);
  expect(await project.run({ now: noon('10') })).toEqual([
    'app.orders 2021-09-09..2021-09-10 built',
    'kpi.daily 2021-09-09..2021-09-10 built',
  ]);
  expect(await direct.query(sql`select day, amount from kpi.daily order by day`)).toEqual([
    { day: '2021-09-01', amount: '1' },
    { day: '2021-09-08', amount: '88' },
  ]);
  expect(await project.run({ now: noon('10') })).toEqual([]);
});

test('complete_when holds back what is not loaded to its end', async () => {
  await using store = await testDatabase();
  const { database, direct } = store;
  await orders(direct, ['2021-09-01T10:00:00+05:30', 1]);
  await direct.query(sql`create table app.loaded (until timestamptz)`);
  await direct.query(sql`insert into app.loaded values ('2021-09-03T00:00:00+05:30')`);
  using project = testProject(database, {
    'models/sources.yml': source('    complete_when: select max(until) >= {{ window.until }} from app.loaded'),
    'models/kpi/daily.sql': daily,
  });
  expect(await project.run({ now: noon('05') })).toEqual([
    'app.orders 2021-09-01..2021-09-03 built',
    'kpi.daily 2021-09-01..2021-09-03 built',
  ]);
  expect(await project.run({ now: noon('06') })).toEqual([]);
  await direct.query(sql`insert into app.loaded values ('2021-09-05T00:00:00+05:30')`);
  expect(await project.run({ now: noon('06') })).toEqual([
    'app.orders 2021-09-03..2021-09-05 built',
    'kpi.daily 2021-09-03..2021-09-05 built',
  ]);
});

test('a list of others is one thing: a table that reads it is built again when a row of it changes', async () => {
  await using store = await testDatabase();
  const { database, direct } = store;
  await direct.query(sql`create schema app`);
  await direct.query(sql`create table app.stores as select 'A' as store`);
  using project = testProject(database, {
    'models/sources.yml': 'sources:\n  - { name: app.stores, columns: { store: { type: text } } }\n',
    'models/kpi/stores.sql': modelFile('materialized: table', 'select store from app.stores'),
  });
  expect(await project.run()).toEqual(['app.stores built', 'kpi.stores built']);
  expect(await project.run()).toEqual([]);
  await direct.query(sql`update app.stores set store = 'B'`);
  expect(await project.run()).toEqual(['app.stores built', 'kpi.stores built']);
  expect(await direct.query(sql`select store from kpi.stores`)).toEqual([{ store: 'B' }]);
});

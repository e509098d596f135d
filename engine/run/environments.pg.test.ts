import { expect, test } from 'vitest';
import { sql } from '../warehouse/database.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { modelFile, smallProject, testProject } from './test-project.ts';

const project = `name: test
timezone: Asia/Kolkata
target: prod
targets:
  prod: { type: postgres, url: env:WAREHOUSE_URL }
  ann: { type: postgres, url: env:WAREHOUSE_URL, schema_suffix: _ann }
  bob: { type: postgres, url: env:WAREHOUSE_URL, schema_suffix: _bob }
  elsewhere: { type: embedded, schema_suffix: _else }
`;

const total = (factor: number) =>
  modelFile(
    'materialized: incremental\ntime_column: day\ngrain: day\naudits:\n  - expression: { sql: "store in (select store from staging.stores)" }\n  - relationships: { column: store, to: staging.stores }\ndepends_on: [staging.stores]',
    `select kpi.daily.day, kpi.daily.store, ${factor} * kpi.daily.amount as amount /* of kpi.daily */
from kpi.daily where kpi.daily.day >= {{ window.from }} and kpi.daily.day < {{ window.until }}`,
  );

const files = {
  ...smallProject,
  'models/staging/stores.sql': modelFile('materialized: table', 'select distinct s.store from others.stores as s'),
  'models/sources.yml': `${smallProject['models/sources.yml']}
  - name: others.stores
    columns: { store: { type: text } }
`,
  'models/kpi/total.sql': total(1),
  'models/kpi/seen.sql': 'select * from kpi.total',
  'data/lines-1.csv': 'day,store,amount\n2021-09-01,A,1\n2021-09-02,A,2\n2021-09-03,B,3\n',
};

async function shop() {
  const store = await testDatabase();
  const house = testProject(store.database, files);
  house.write('project.yml', project);
  await store.direct.run(sql`create schema others`);
  await store.direct.run(sql`create table others.stores as select * from (values ('A'), ('B')) as v (store)`);
  const schemas = async () =>
    (
      await house.query(
        `select nspname::text as name from pg_namespace where nspname !~ '^engine' and nspname ~ '_ann|_bob|_else|^kpi|^staging|^raw' order by 1`,
      )
    ).map(({ name }) => name);
  const sums = async (schema: string) =>
    (await house.query(`select sum(amount)::text as sum from ${schema}.total`))[0]?.['sum'];
  return { store, house, schemas, sums };
}

test('two people in one warehouse touch neither each other nor the tables without a suffix', async () => {
  const { store, house, schemas, sums } = await shop();
  await using _ = store;
  using __ = house;
  await house.run();
  const oids = () =>
    house.query(
      `select oid, relfilenode, relname from pg_class where relnamespace::regnamespace::text in ('kpi', 'staging', 'raw', 'tiffin_test') order by 1`,
    );
  const record = () => house.query('select * from tiffin_test.builds order by model, sequence');
  const before = [await oids(), await record(), await house.query('select * from kpi.total order by day')];

  house.write('models/kpi/total.sql', total(10));
  expect((await house.results({ target: 'ann' })).ok).toBe(true);
  house.write('models/kpi/total.sql', total(100));
  expect((await house.results({ target: 'bob' })).ok).toBe(true);
  expect(await schemas()).toEqual([
    'kpi',
    'kpi_ann',
    'kpi_bob',
    'raw',
    'raw_ann',
    'raw_bob',
    'staging',
    'staging_ann',
    'staging_bob',
    'tiffin_test_ann',
    'tiffin_test_bob',
  ]);
  expect([await sums('kpi'), await sums('kpi_ann'), await sums('kpi_bob'), await sums('kpi_bob')]).toEqual([
    '6.00',
    '60.00',
    '600.00',
    '600.00',
  ]);
  expect(await house.query(`select sum(amount)::text as sum from kpi_ann.seen`)).toEqual([{ sum: '60.00' }]);
  expect([await oids(), await record(), await house.query('select * from kpi.total order by day')]).toEqual(before);

  // Each is current in its own environment.
  house.write('models/kpi/total.sql', total(10));
  expect(await house.run({ target: 'ann' })).toEqual([]);
  house.write('models/kpi/total.sql', total(1));
  expect(await house.run()).toEqual([]);
});

test('what is neither selected nor built is read from the environment deferred to, as far as its record covers it', async () => {
  const { store, house, schemas, sums } = await shop();
  await using _ = store;
  using __ = house;
  await house.run();
  house.write('models/kpi/total.sql', total(10));
  const asked = { target: 'ann', defer: 'prod', only: ['kpi.total', 'kpi.seen'] };
  expect(await house.run(asked)).toEqual(['kpi.total 2021-09-01..2021-09-04 built', 'kpi.seen built']);
  expect(await schemas()).toEqual(['kpi', 'kpi_ann', 'raw', 'staging', 'tiffin_test_ann']);
  expect([await sums('kpi'), await sums('kpi_ann')]).toEqual(['6.00', '60.00']);
  expect(await house.run(asked)).toEqual([]);

  // A file that nobody has loaded there yet is no coverage; once it is, the days come.
  house.write('data/lines-2.csv', 'day,store,amount\n2021-09-04,A,4\n');
  expect(await house.run(asked)).toEqual([]);
  house.write('models/kpi/total.sql', total(1));
  await house.run();
  house.write('models/kpi/total.sql', total(10));
  expect(await house.run(asked)).toEqual(['kpi.total 2021-09-04..2021-09-05 built']);

  // What is changed here and not selected does not make stale what stands there.
  house.write('models/staging/lines.sql', 'select day, store, 2 * amount as amount from raw.lines');
  expect(await house.run(asked)).toEqual([]);
  // What is built here is read here from then on.
  const more = ['staging.lines', 'kpi.daily'];
  await house.run({ ...asked, only: ['raw.lines', ...more] });
  expect(await house.run(asked)).toEqual(['kpi.total 2021-09-01..2021-09-05 built']);
  expect([await sums('kpi'), await sums('kpi_ann')]).toEqual(['10.00', '200.00']);
});

test('another warehouse, the same environment and one that is empty are refused in one sentence', async () => {
  const { store, house } = await shop();
  await using _ = store;
  using __ = house;
  await expect(house.plan({ target: 'ann', defer: 'elsewhere' })).rejects.toThrow(
    '--defer elsewhere: target ann is another warehouse, and its queries cannot read the tables of elsewhere',
  );
  await expect(house.plan({ target: 'ann', defer: 'ann' })).rejects.toThrow('that is the environment itself');
  await expect(house.plan({ target: 'ann', defer: 'prod' })).rejects.toThrow('has built nothing there yet');
  await expect(house.plan({ target: 'ann', defer: 'prd' })).rejects.toThrow('no target "prd"');
});

test('what cannot be moved for certain is named with file and line, before anything is built', async () => {
  const { store, house, schemas } = await shop();
  await using _ = store;
  using __ = house;
  house.write('models/staging/lines.sql', `select day, store, amount, 'raw.lines'::regclass as of\nfrom raw.lines`);
  house.write('models/kpi_ann/daily.sql', 'select 1 as one');
  expect(await house.run({ only: [] })).toEqual([]);
  await expect(house.plan({ target: 'ann' })).rejects.toMatchObject({
    problems: [
      { file: 'models/kpi/daily.sql', code: 'schema-suffix', message: expect.stringContaining('kpi_ann') },
      {
        file: 'models/staging/lines.sql',
        line: 1,
        code: 'uncertain-table',
        message: "'raw.lines' names a table in a string",
      },
    ],
  });
  expect(await schemas()).toEqual([]);
});

import { expect, test } from 'vitest';
import type { Database } from '../warehouse/database.ts';
import { sql } from '../warehouse/database.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { modelFile, outcomes, smallProject, testProject } from './test-project.ts';

const products = (rows: string) => `id,name,price,updated\n${rows}`;
const catalogue = {
  'models/sources.yml': `sources:
  - name: raw.products
    files: { path: data/products.csv }
    columns: { id: { type: text }, name: { type: text }, price: { type: "numeric(18,2)" }, updated: { type: timestamp } }
`,
  'data/products.csv': products('1,Tea,2,2021-09-01 10:00:00\n2,Milk,1,2021-09-01 10:00:00\n'),
};

const perform = (database: Database, text: string) => database.query(sql.__dangerous__rawValue(text));

test('an ephemeral model is a part of what reads it; a change of it rebuilds its readers and nothing stands for it', async () => {
  await using store = await testDatabase();
  using house = testProject(store.database, {
    ...catalogue,
    'models/staging/cheap.sql': modelFile(
      'materialized: ephemeral',
      'with p as (select * from raw.products) select id, price from p where price < 2 -- cheap\n;',
    ),
    'models/staging/named.sql': modelFile(
      'materialized: ephemeral',
      'select c.id, p.name from staging.cheap c join raw.products p on p.id = c.id',
    ),
    'models/kpi/cheap.sql': modelFile('materialized: table', 'select staging.named.name from staging.named'),
    'models/kpi/cheap_view.sql': 'select n.name from staging.named as n, staging.cheap',
  });
  expect(outcomes(await house.results())).toEqual(['raw.products built', 'kpi.cheap built', 'kpi.cheap_view built']);
  expect(await house.query('select name from kpi.cheap')).toEqual([{ name: 'Milk' }]);
  expect(await house.query('select name from kpi.cheap_view')).toEqual([{ name: 'Milk' }]);
  expect((await house.plan()).steps).toEqual([]);
  house.write(
    'models/staging/cheap.sql',
    modelFile('materialized: ephemeral', 'select id, price from raw.products where price < 3'),
  );
  expect(outcomes(await house.results())).toEqual(['kpi.cheap built', 'kpi.cheap_view built']);
  expect(await house.query('select name from kpi.cheap order by 1')).toEqual([{ name: 'Milk' }, { name: 'Tea' }]);
  expect(await house.query(`select 1 from pg_namespace where nspname = 'staging'`)).toEqual([]);
});

const keyed = (more = '', columns = 'id, name, price') => ({
  'models/dim/products.sql': modelFile(
    `materialized: incremental\nunique_key: [id]\n${more}`,
    `select ${columns} from raw.products {% if incremental %}where price > (select min(price) from {{ this }}){% endif %}`,
  ),
});

test('an incremental model by key replaces rows by their key; the same rows stop the wave', async () => {
  await using store = await testDatabase();
  using house = testProject(store.database, {
    ...catalogue,
    ...keyed(),
    'models/kpi/count.sql': modelFile('materialized: table', 'select count(*) as products from dim.products'),
  });
  expect(outcomes(await house.results())).toEqual(['raw.products built', 'dim.products built', 'kpi.count built']);
  // Milk is not asked for again: the increment leaves it out. Tea is dearer, Rice is new, and what is gone stays.
  house.write(
    'data/products.csv',
    products('1,Tea,4,2021-09-02 10:00:00\n2,Cream,1,2021-09-02 10:00:00\n3,Rice,5,2021-09-02 10:00:00\n'),
  );
  expect(outcomes(await house.results())).toEqual(['raw.products built', 'dim.products built', 'kpi.count built']);
  const rows = () => house.query('select * from dim.products order by id');
  expect(await rows()).toEqual([
    { id: '1', name: 'Tea', price: '4.00' },
    { id: '2', name: 'Milk', price: '1.00' },
    { id: '3', name: 'Rice', price: '5.00' },
  ]);
  house.write('data/products.csv', products('3,Rice,5,2021-09-03 10:00:00\n'));
  expect(outcomes(await house.results())).toEqual([
    'raw.products built',
    'dim.products unchanged',
    'kpi.count current',
  ]);
  expect(await rows()).toHaveLength(3);
  expect(outcomes(await house.results({ fullRefresh: true, only: ['dim.products'] }))).toEqual(['dim.products built']);
  expect(await rows()).toEqual([{ id: '3', name: 'Rice', price: '5.00' }]);
});

test('two rows of one key are never published', async () => {
  await using store = await testDatabase();
  using house = testProject(store.database, { ...catalogue, ...keyed() });
  await house.run();
  house.write('data/products.csv', products('3,Rice,5,2021-09-03 10:00:00\n3,Rice,6,2021-09-03 10:00:00\n'));
  expect((await house.results()).results.at(-1)?.outcome).toMatchObject({
    kind: 'audit-failed',
    failures: [{ audit: 'unique: id' }],
  });
  expect(await house.query('select 1 from dim.products')).toHaveLength(2);
});

const snapshot = (header: string) => ({
  'models/dim/products_history.sql': modelFile(
    `materialized: snapshot\nunique_key: [id]\n${header}`,
    'select id, name, price, updated from raw.products',
  ),
});
const history = 'select id, price, valid_from, valid_until from dim.products_history order by id, valid_from';

test('a snapshot by updated time: each change begins when it was made, in the business zone', async () => {
  await using store = await testDatabase();
  using house = testProject(store.database, {
    ...catalogue,
    ...snapshot('updated_column: updated\nhard_deletes: close'),
  });
  await house.run();
  house.write('data/products.csv', products('1,Tea,3,2021-09-05 10:00:00\n2,Milk,9,2021-09-01 10:00:00\n'));
  await house.run();
  expect(await house.query(history)).toEqual([
    { id: '1', price: '2.00', valid_from: '2021-09-01T04:30:00Z', valid_until: '2021-09-05T04:30:00Z' },
    { id: '1', price: '3.00', valid_from: '2021-09-05T04:30:00Z', valid_until: null },
    { id: '2', price: '1.00', valid_from: '2021-09-01T04:30:00Z', valid_until: null },
  ]);
  house.write('data/products.csv', products('2,Milk,1,2021-09-01 10:00:00\n'));
  await house.run();
  expect(await house.query('select id from dim.products_history where valid_until is null')).toEqual([{ id: '2' }]);
  // It comes back as it was: its second life begins where the first ended, and not before.
  house.write('data/products.csv', products('1,Tea,3,2021-09-05 10:00:00\n2,Milk,1,2021-09-01 10:00:00\n'));
  await house.run();
  expect(
    await house.query(`select a.id from dim.products_history a join dim.products_history b
                       on a.id = b.id and a.ctid <> b.ctid and a.valid_from < coalesce(b.valid_until, 'infinity')
                       and b.valid_from < coalesce(a.valid_until, 'infinity')`),
  ).toEqual([]);
  expect(await house.query('select 1 from dim.products_history where id = $$1$$')).toHaveLength(3);
});

test('a snapshot by columns; unchanged rows keep its version; SQL that changes loses nothing; columns are added', async () => {
  await using store = await testDatabase();
  using house = testProject(store.database, { ...catalogue, ...snapshot('check: [price]\non_schema_change: add') });
  await house.run();
  house.write('data/products.csv', products('1,Chai,2,2021-09-05 10:00:00\n2,Milk,1,2021-09-01 10:00:00\n'));
  expect(outcomes(await house.results())).toEqual(['raw.products built', 'dim.products_history unchanged']);
  house.write('data/products.csv', products('1,Chai,4,2021-09-05 10:00:00\n'));
  house.write(
    'models/dim/products_history.sql',
    modelFile(
      'materialized: snapshot\nunique_key: [id]\ncheck: [price]\non_schema_change: add',
      'select id, name, price, updated, 7 as stock from raw.products',
    ),
  );
  expect(outcomes(await house.results())).toEqual(['raw.products built', 'dim.products_history built']);
  expect(
    await house.query(
      'select id, name, price, stock, valid_until is null as open from dim.products_history order by id, valid_from',
    ),
  ).toEqual([
    { id: '1', name: 'Tea', price: '2.00', stock: null, open: false },
    { id: '1', name: 'Chai', price: '4.00', stock: 7, open: true },
    { id: '2', name: 'Milk', price: '1.00', stock: null, open: true },
  ]);
});

const daily = (header: string, select: string) => ({
  'models/kpi/daily.sql': modelFile(
    `materialized: incremental\ntime_column: day\ngrain: day\nbatch: 1\n${header}`,
    `select day, store, ${select} from staging.lines where day >= {{ window.from }} and day < {{ window.until }} group by day, store`,
  ),
  'data/lines-1.csv': 'day,store,amount\n2021-09-01,A,1\n2021-09-02,A,2\n',
});

test('columns of a windowed table change as its header allows: fail, add, rebuild, or a full refresh', async () => {
  await using store = await testDatabase();
  using house = testProject(store.database, { ...smallProject, ...daily('', 'sum(amount) as amount') });
  await house.run();
  await perform(store.direct, 'create view public.foreign_view as select day from kpi.daily');
  const more = 'sum(amount) as amount, count(*) as lines';
  house.write('models/kpi/daily.sql', daily('', more)['models/kpi/daily.sql']);
  expect((await house.run())[0]).toMatch(/failed: the columns of kpi\.daily are not those of its table \(new: lines\)/);

  house.write('models/kpi/daily.sql', daily('on_schema_change: add', more)['models/kpi/daily.sql']);
  await house.run();
  expect(await house.query('select * from kpi.daily order by day')).toEqual([
    { day: '2021-09-01', store: 'A', amount: '1.00', lines: '1' },
    { day: '2021-09-02', store: 'A', amount: '2.00', lines: '1' },
  ]);
  house.write(
    'models/kpi/daily.sql',
    daily('on_schema_change: rebuild\ncolumns: { lines: { type: integer } }', 'count(*) as lines')[
      'models/kpi/daily.sql'
    ],
  );
  await house.run();
  expect(await house.query('select * from kpi.daily order by day')).toEqual([
    { day: '2021-09-01', store: 'A', lines: 1 },
    { day: '2021-09-02', store: 'A', lines: 1 },
  ]);
  house.write('models/kpi/daily.sql', daily('', 'max(amount) as most')['models/kpi/daily.sql']);
  expect((await house.run())[0]).toMatch(/failed/);
  expect(outcomes(await house.results({ fullRefresh: true, only: ['kpi.daily'] }))).toEqual([
    'kpi.daily built',
    'kpi.daily built',
  ]);
  expect(await house.query('select day, most from kpi.daily order by day')).toHaveLength(2);
  expect((await house.plan()).steps).toEqual([]);
});

test('a contract names every difference before anything is published', async () => {
  await using store = await testDatabase();
  const file = (sqlText: string) =>
    modelFile(
      'materialized: table\ncontract: true\ncolumns:\n  id: { type: varchar(9) }\n  price: { type: "decimal(18,2)" }\n  stock: { type: integer }',
      sqlText,
    );
  using house = testProject(store.database, {
    ...catalogue,
    'models/dim/p.sql': file('select id, price, name from raw.products'),
  });
  expect((await house.run()).at(-1)).toMatch(
    /breaks its contract: id is (text|character varying\(256\)), not character varying\(9\); stock is not there; name is not declared/,
  );
  house.write('models/dim/p.sql', file('select id::varchar(9) as id, price, 1 as stock from raw.products'));
  expect(outcomes(await house.results())).toEqual(['dim.p built']);
  expect(await house.query(`select 1 from pg_class where relname like 'stage_%'`)).toEqual([]);
});

test('rights stay, also when a table and the views over it are made anew', async () => {
  await using store = await testDatabase();
  const reader = `reader_${process.pid}`;
  using house = testProject(store.database, {
    ...catalogue,
    'models/dim/p.sql': modelFile('materialized: table', 'select id, price from raw.products'),
    'models/dim/v.sql': 'select id from dim.p',
  });
  await house.run();
  try {
    await perform(store.direct, `create role ${reader}`);
    await perform(store.direct, `grant select on dim.p to ${reader} with grant option`);
    await perform(store.direct, `grant select on dim.v to public`);
    house.write('models/dim/p.sql', modelFile('materialized: table', 'select price, id, name from raw.products'));
    expect(outcomes(await house.results())).toContain('dim.p built');
    expect(
      await house.query(`select relname as name, relacl::text like '%${reader}=r*/%' as his, relacl::text like '%=r/%' as everyones
                         from pg_class where relname in ('p', 'v') and relkind in ('r', 'v') order by 1`),
    ).toEqual([
      { name: 'p', his: true, everyones: false },
      { name: 'v', his: false, everyones: true },
    ]);
  } finally {
    await perform(store.direct, `drop owned by ${reader}`);
    await perform(store.direct, `drop role ${reader}`);
  }
});

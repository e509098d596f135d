import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeReadable, describeRelation, relationsIn } from '../catalogue.ts';
import { type Database, sql } from '../database.ts';
import { classify } from '../sql-error.ts';
import { type TestDatabase, testDatabase } from '../test-database.ts';
import { type TestRedshift, testRedshift } from '../test-redshift.ts';
import { openRedshift } from './redshift.ts';

let own: TestDatabase;
let redshift: TestRedshift;
let database: Database;
beforeAll(async () => {
  own = await testDatabase();
  redshift = await testRedshift(own.url);
  database = redshift.database;
  await database.query(sql`create schema kpi`);
});
afterAll(async () => {
  await redshift[Symbol.asyncDispose]();
  await own[Symbol.asyncDispose]();
});

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'nothing',
    (error) => error,
  );

/** How many sessions behind the stand-in wait for a lock. */
async function waiting(): Promise<number> {
  const rows = await own.direct.query(
    sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
  );
  return rows.length;
}

test('it is asked whether it is Redshift', async () => {
  expect(await database.query(sql`select version() as version`)).toEqual([
    { version: expect.stringMatching(/Redshift/) },
  ]);
  const error = await caught(openRedshift(own.url));
  expect(error).toMatchObject({ code: 'invalid', message: 'The database is no Redshift.' });
});

test('values are as they are from every server', async () => {
  const [row] = await database.query(sql`
    select 1.50::numeric(9,2) as n, 9007199254740993 as big, true as yes, date '2021-12-21' as day,
           timestamp '2021-12-21 08:00:00' as local, timestamptz '2021-12-21 08:00:00+05:30' as instant,
           ${"it's \\ é"}::varchar(20) as text, null::int as nothing`);
  expect(row).toEqual({
    n: '1.50',
    big: '9007199254740993',
    yes: true,
    day: '2021-12-21',
    local: '2021-12-21 08:00:00',
    instant: '2021-12-21T02:30:00Z',
    text: "it's \\ é",
    nothing: null,
  });
});

test('sessions carry the label of their run', async () => {
  await using labelled = await openRedshift(redshift.url, { applicationName: 'tiffin test run1' });
  const label = sql`select query_label from sys_query_history where query_label = 'tiffin test run1' and status = 'running'`;
  expect(await labelled.query(label)).toEqual([{ query_label: 'tiffin test run1' }]);
});

test('a refusal names the page of the manual', async () => {
  await database.query(sql`create table kpi.refused (id int)`);
  const error = await caught(database.query(sql`insert into kpi.refused values (1) returning id`));
  expect(error).toMatchObject({
    code: 'failed',
    message: expect.stringMatching(/^syntax error at or near "returning"/),
  });
  expect(error).toHaveProperty('hint', expect.stringMatching(/Redshift, page "INSERT"/));
  expect(await database.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
});

test('a transaction commits, rolls back, reads one moment, and is doomed by a refusal', async () => {
  await database.query(sql`create table kpi.moments (n int)`);
  await database.query(sql`insert into kpi.moments values (1)`);
  const reading = sql`select n from kpi.moments`;
  const seen = await database.transaction(async (tx) => {
    const before = await tx.query(reading);
    await database.query(sql`update kpi.moments set n = 2`);
    return [before, await tx.query(reading), await Array.fromAsync(tx.stream(reading))];
  });
  expect(seen).toEqual([[{ n: 1 }], [{ n: 1 }], [{ n: 1 }]]);
  const doomed = database.transaction(async (tx) => {
    await tx.query(sql`insert into kpi.moments values (3)`);
    await caught(tx.query(sql`savepoint here`));
  });
  expect(await caught(doomed)).toMatchObject({ code: 'failed', message: /SAVEPOINT/ });
  expect(await database.query(reading)).toEqual([{ n: 2 }]);
});

test('two that write one row: the second meets a violation that is transient', async () => {
  await database.query(sql`create table kpi.contested (n int)`);
  await database.query(sql`insert into kpi.contested values (1)`);
  const error = await caught(
    database.transaction(async (tx) => {
      await tx.query(sql`select n from kpi.contested`);
      await database.query(sql`update kpi.contested set n = 2`);
      await tx.query(sql`update kpi.contested set n = 3`);
    }),
  );
  expect(error).toMatchObject({ message: '1023 [XX000]' });
  expect(classify(error)).toBe('transient');
});

test('a lock that is first makes the second wait, and see what the first has done', async () => {
  await database.query(sql`create table kpi.locked (n int)`);
  const insertUnlessThere = (locked: () => void, wait: () => Promise<unknown>) =>
    database.transaction(async (tx) => {
      await tx.query(sql`lock table kpi.locked`);
      locked();
      const found = await tx.query(sql`select n from kpi.locked`);
      if (found.length === 0) await tx.query(sql`insert into kpi.locked values (1)`);
      await wait();
    });
  const held = Promise.withResolvers<void>();
  const first = insertUnlessThere(held.resolve, () => vi.waitUntil(waiting, { timeout: 20_000 }));
  await held.promise;
  await Promise.all([
    first,
    insertUnlessThere(
      () => {},
      async () => {},
    ),
  ]);
  expect(await database.query(sql`select n from kpi.locked`)).toEqual([{ n: 1 }]);
});

test('what waits is cancelled by its process', async () => {
  await database.query(sql`create table kpi.held (id int)`);
  await database.transaction(async (tx) => {
    await tx.query(sql`lock table kpi.held`);
    for (const act of [
      (signal: AbortSignal) => database.run(sql`delete from kpi.held`, signal),
      (signal: AbortSignal) => Array.fromAsync(database.stream(sql`select * from kpi.held`, signal)),
      (signal: AbortSignal) => database.transaction((other) => other.query(sql`delete from kpi.held`), { signal }),
    ]) {
      const stop = new AbortController();
      const reason = new Error('enough');
      const over = caught(act(stop.signal));
      await vi.waitUntil(waiting, { timeout: 20_000 });
      stop.abort(reason);
      expect(await over).toBe(reason);
      expect(await waiting()).toBe(0);
    }
  });
});

test('a stream gives all rows in order, and may be left', async () => {
  await own.direct.query(sql`create table kpi.many as select i from generate_series(1, 2500) i`);
  const many = sql`select i from kpi.many order by i`;
  expect((await Array.fromAsync(database.stream<{ i: number }>(many))).map(({ i }) => i)).toEqual(
    Array.from({ length: 2500 }, (_, index) => index + 1),
  );
  for await (const _ of database.stream(many)) break;
  await database.transaction(async (tx) => {
    for await (const _ of tx.stream(many)) break;
    expect(await Array.fromAsync(tx.stream(sql`select count(*) as n from kpi.many`))).toEqual([{ n: '2500' }]);
  });
  const wrong = Array.fromAsync(database.stream(sql`select 1 / (i - 1200) from kpi.many order by i`));
  expect(await caught(wrong)).toMatchObject({ code: 'failed', cause: { sqlState: '22012' } });
});

test('rows are inserted where there is no place for COPY', async () => {
  await database.query(sql`create table kpi.loaded (id int, note varchar(20))`);
  const table = { schema: 'kpi', name: 'loaded' };
  const load = (text: string) => database.copyIn(table, ['id', 'note'], Readable.from([text]));
  expect(await load('1,plain\n2,"a ""quoted"", one"\n3,\n4,""\n')).toEqual({ rowCount: 4 });
  expect(await database.query(sql`select id, note from kpi.loaded order by id`)).toEqual([
    { id: 1, note: 'plain' },
    { id: 2, note: 'a "quoted", one' },
    { id: 3, note: null },
    { id: 4, note: '' },
  ]);
  expect(await caught(load('5,x\nsix,y\n'))).toMatchObject({ code: 'failed', place: { file: 'kpi.loaded' } });
  expect(await caught(load('5,x\n6\n'))).toMatchObject({ code: 'failed' });
  expect(await database.query(sql`select count(*) as n from kpi.loaded`)).toEqual([{ n: '4' }]);
});

test('tables are described, and views that are bound to nothing', async () => {
  const { dialect } = database;
  const layout = { dist: 'store', sort: ['day'], encode: { day: 'az64' } };
  const columns = [
    { name: 'day', type: 'date' },
    { name: 'store', type: 'varchar(20)', notNull: true },
    { name: 'amount', type: 'numeric(18,2)' },
  ];
  await database.query(dialect.createTable({ schema: 'kpi', name: 'daily' }, columns, layout));
  const query = sql`select store, sum(amount) as amount from kpi.daily group by store`;
  await database.query(dialect.createView({ schema: 'kpi', name: 'stores' }, query));
  expect((await describeRelation(database, { schema: 'kpi', name: 'daily' }))?.columns).toMatchObject([
    { name: 'day', type: 'date', kind: 'date', nullable: true },
    { name: 'store', type: 'character varying(20)', kind: 'text', nullable: false },
    { name: 'amount', type: 'numeric(18,2)', kind: 'decimal' },
  ]);
  expect(await describeReadable(database, { schema: 'kpi', name: 'stores' })).toMatchObject({
    kind: 'view',
    columns: [
      { name: 'store', kind: 'text' },
      { name: 'amount', kind: 'decimal' },
    ],
  });
  await database.query(sql`alter table kpi.daily rename to daily_old`);
  await database.query(dialect.createTable({ schema: 'kpi', name: 'daily' }, columns, undefined));
  await database.query(sql`insert into kpi.daily (day, store, amount) values ('2021-12-21', 'A', 1)`);
  await database.query(sql`drop table kpi.daily_old`);
  expect(await database.query(sql`select store, amount from kpi.stores`)).toEqual([{ store: 'A', amount: '1.00' }]);
  expect((await relationsIn(database, ['kpi'])).some(({ name }) => name === 'stores')).toBe(true);
});

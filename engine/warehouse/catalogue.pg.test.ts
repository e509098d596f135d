import { afterAll, beforeAll, expect, test } from 'vitest';
import { columnsOf, ensureSchema, findRelation, relationsIn } from './catalogue.ts';
import { sql } from './database.ts';
import { type TestDatabase, testDatabase } from './test-database.ts';

let own: TestDatabase;
beforeAll(async () => {
  own = await testDatabase();
});
afterAll(() => own[Symbol.asyncDispose]());

test('schemas are made once, also by many at once and in a transaction', async () => {
  const { database } = own;
  await Promise.all(Array.from({ length: 8 }, () => ensureSchema(database, 'Kpi "x"')));
  await database.transaction((tx) => ensureSchema(tx, 'Kpi "x"'));
  expect(await database.query(sql`select from pg_namespace where nspname = 'Kpi "x"'`)).toHaveLength(1);
});

test('tables and views are found with their kind, and what is not there is not', async () => {
  const { database } = own;
  await database.query(sql`create schema shop`);
  await database.query(sql`create table shop.sales (id int)`);
  await database.query(sql`create view shop.recent as select * from shop.sales`);
  await database.query(sql`create materialized view shop.kept as select * from shop.sales`);
  await database.query(sql`create index on shop.sales (id)`);
  expect((await relationsIn(database, ['shop', 'nowhere'])).map(({ id: _, ...relation }) => relation)).toEqual([
    { schema: 'shop', name: 'kept', kind: 'materialized view' },
    { schema: 'shop', name: 'recent', kind: 'view' },
    { schema: 'shop', name: 'sales', kind: 'table' },
  ]);
  expect(await findRelation(database, { schema: 'shop', name: 'recent' })).toMatchObject({ kind: 'view' });
  expect(await findRelation(database, { schema: 'shop', name: 'Sales' })).toBeUndefined();
  expect(await relationsIn(database, [])).toEqual([]);
});

test('columns come in order, with the type as SQL declares it', async () => {
  const { database } = own;
  await database.query(sql`create domain money_amount as numeric(18, 2)`);
  await database.query(
    sql`create table wide (dropped int, id bigint not null, "A name" varchar(40), amount numeric(18, 2), own money_amount, at timestamptz(3))`,
  );
  await database.query(sql`alter table wide drop column dropped`);
  expect(await columnsOf(database, { schema: 'public', name: 'wide' })).toEqual([
    { name: 'id', type: 'bigint', kind: 'integer', nullable: false },
    { name: 'A name', type: 'character varying(40)', kind: 'text', nullable: true },
    { name: 'amount', type: 'numeric(18,2)', kind: 'decimal', nullable: true },
    { name: 'own', type: 'money_amount', kind: 'decimal', nullable: true },
    { name: 'at', type: 'timestamp(3) with time zone', kind: 'timestamptz', nullable: true },
  ]);
  expect(await columnsOf(database, { schema: 'public', name: 'narrow' })).toEqual([]);
});

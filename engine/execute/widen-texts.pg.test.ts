import { expect, test } from 'vitest';
import { columnsOf } from '../warehouse/catalogue.ts';
import { sql } from '../warehouse/database.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { testRedshift } from '../warehouse/test-redshift.ts';
import { widenTexts } from './columns.ts';

const target = { schema: 'kpi', name: 'stores' };

test('on Redshift a text grows outside any transaction, alone; what else changes is left for the publishing one', async () => {
  await using store = await testDatabase();
  const sent: string[] = [];
  await using redshift = await testRedshift(store.url, { log: ({ statement }) => sent.push(statement) });
  const { database } = redshift;
  await database.query(sql`create schema kpi`);
  await database.query(sql`create table kpi.stores (name varchar(5), town varchar(9), id integer)`);
  await database.query(sql`insert into kpi.stores values ('First', 'Town', 1)`);
  const [name, town, id] = await columnsOf(database, target);
  if (!name || !town || !id) throw new Error('no columns');
  const longer = { ...name, type: 'varchar(40)', grows: true };
  const other = { ...id, type: 'bigint', grows: false };

  sent.length = 0;
  expect(await widenTexts(database, target, { kind: 'change', add: [], drop: [], retype: [longer] })).toEqual({
    kind: 'none',
  });
  // The stand-in refuses it within a transaction, as Redshift does.
  expect(sent.filter((statement) => !statement.startsWith('select set_config'))).toEqual([
    'alter table "kpi"."stores" alter column "name" type varchar(40)',
  ]);
  await expect(
    database.transaction((tx) => tx.query(sql`alter table kpi.stores alter column town type varchar(40)`)),
  ).rejects.toThrow(/transaction/);

  const both = {
    kind: 'change',
    add: [],
    drop: [],
    retype: [{ ...town, type: 'varchar(40)', grows: true }, other],
  } as const;
  expect(await widenTexts(database, target, both)).toEqual({ ...both, retype: [other] });
  expect((await columnsOf(database, target)).map(({ type }) => type)).toEqual([
    'character varying(40)',
    'character varying(40)',
    'integer',
  ]);
  expect(await database.query(sql`select name, town, id from kpi.stores`)).toEqual([
    { name: 'First', town: 'Town', id: 1 },
  ]);
});

import { expect, test } from 'vitest';
import { readReferences } from './references.ts';
import { type TableRef, tableName } from './table-ref.ts';
import { readCollection } from './test-texts.ts';
import type { SqlDialect } from './tokens.ts';

const collection = readCollection() ?? [];

const names = (tables: readonly TableRef[]) =>
  [...new Set(tables.map((table) => (table.database ? `${table.database}.` : '') + tableName(table)))].sort();

function read(sql: string, dialect: SqlDialect) {
  const all = readReferences(sql, dialect);
  return {
    reads: names(all.flatMap((one) => one.reads)),
    writes: names(all.flatMap((one) => one.writes)),
    navigations: names(all.flatMap((one) => one.navigations)),
  };
}

test.skipIf(collection.length === 0)(
  'tables are those that the real parser finds, in all statements that others wrote',
  () => {
    const wrong = collection.filter((one) => {
      const { reads, writes } = read(one.sql, 'postgres');
      return `${reads} ${writes}` !== `${[...one.reads].sort()} ${[...one.writes].sort()}`;
    });
    console.log(
      `tables read and written: ${collection.length - wrong.length} of ${collection.length} statements agree`,
    );
    expect(wrong.map((one) => one.id)).toEqual([]);
  },
);

test.skipIf(collection.length === 0)(
  'read as Redshift, they differ only by case and by paths into SUPER columns',
  () => {
    const low = (tables: readonly string[]) => [...new Set(tables.map((table) => table.toLowerCase()))].sort().join();
    const wrong = collection.filter((one) => {
      const { reads, writes, navigations } = read(one.sql, 'redshift');
      const all = one.navigates ? [...reads, ...navigations] : reads;
      return low(all) !== low(one.reads) || low(writes) !== low(one.writes) || navigations.length > 0 !== one.navigates;
    });
    expect(wrong.map((one) => one.id)).toEqual([]);
  },
);

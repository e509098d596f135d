import { afterAll, beforeAll, expect, test } from 'vitest';
import { localSearchPath } from '../../config/dialect.ts';
import { type Database, sql } from '../../warehouse/database.ts';
import { openPostgres } from '../../warehouse/postgres.ts';
import { type TestDatabase, testDatabase } from '../../warehouse/test-database.ts';
import { prepareLocal } from '../library.ts';
import { toLocal } from '../local.ts';
import { manualModels } from './models.ts';
import { manualTables } from './tables.ts';

let own: TestDatabase;
let database: Database;
let known: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  own = await testDatabase();
  database = await openPostgres(own.url, { searchPath: localSearchPath });
  await prepareLocal(database);
  for (const statement of manualTables.split(';\n')) await database.query(sql.__dangerous__rawValue(statement));
  const columns = await database.query<{ readonly name: string; readonly list: string[] }>(
    sql`select 'manual.' || table_name as name, array_agg(column_name::text order by ordinal_position) as list
        from information_schema.columns where table_schema = 'manual' group by 1`,
  );
  known = new Map(columns.map(({ name, list }) => [name, list]));
});

afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await own[Symbol.asyncDispose]();
});

const shown = (text: string | null): string | null => {
  if (text === null) return null;
  if (/^-?\d+(\.\d+)?$/.test(text)) return String(Number(text));
  return text.replace(/^(\d{4}-\d\d-\d\d)T/, '$1 ');
};

test.for(manualModels.map((model, at) => [`${at + 1}. ${model.page}: ${model.sql.slice(0, 60)}`, model] as const))(
  '%s',
  async ([, { sql: text, rows }]) => {
    const local = toLocal(text, (table) => known.get(table));
    expect(local.problems).toEqual([]);
    // Columns may share a name, so a row comes as the list of its values.
    const found = await database.query<{ readonly given: readonly (string | null)[] }>(
      sql`select array_to_json(array(select value from json_each_text(row_to_json(query)))) as given from (\n${sql.__dangerous__rawValue(local.text)}\n) as query`,
    );
    expect(found.map(({ given }) => given.map(shown))).toEqual(rows.map((row) => row.map(shown)));
  },
);

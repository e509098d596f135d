import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readReferences } from './references.ts';
import { renameTables } from './rename.ts';
import { tableName } from './table-ref.ts';
import { readCollection, statements } from './test-texts.ts';

const schemas = new Map([
  ['kpi.daily', 'kpi_dev'],
  ['kpi.weekly', 'kpi_dev'],
  ['raw.lines', 'raw_dev'],
  ['Odd.Name', 'Odd_dev'],
]);
const rename = (text: string) => renameTables(text, 'postgres', schemas);

test.each([
  ['select * from kpi.daily', 'select * from kpi_dev.daily'],
  ['select * from KPI . Daily d, raw.other', 'select * from kpi_dev . Daily d, raw.other'],
  [
    'select * from "kpi"."daily" join kpi.weekly using (a)',
    'select * from kpi_dev."daily" join kpi_dev.weekly using (a)',
  ],
  ['select * from "Odd"."Name"', 'select * from "Odd_dev"."Name"'],
  ['select * from "KPI".daily', 'select * from "KPI".daily'],
  [
    'select * from kpi/* the */./* daily */daily -- kpi.daily',
    'select * from kpi_dev/* the */./* daily */daily -- kpi.daily',
  ],
  [
    "select 'kpi.daily' as name, $$ from kpi.daily $$ from kpi.daily",
    "select 'kpi.daily' as name, $$ from kpi.daily $$ from kpi_dev.daily",
  ],
  // Before a column.
  [
    'select kpi.daily.amount, kpi.daily.* from kpi.daily where kpi.daily.d > 1',
    'select kpi_dev.daily.amount, kpi_dev.daily.* from kpi_dev.daily where kpi_dev.daily.d > 1',
  ],
  [
    'select (select max(kpi.daily.d) from raw.lines l) from kpi.daily',
    'select (select max(kpi_dev.daily.d) from raw_dev.lines l) from kpi_dev.daily',
  ],
  // An alias hides what has its name.
  ['select kpi.daily from raw.lines as kpi', 'select kpi.daily from raw_dev.lines as kpi'],
  ['select kpi.daily.x from raw.lines kpi', 'select kpi.daily.x from raw_dev.lines kpi'],
  ['select daily.amount from kpi.daily daily', 'select daily.amount from kpi_dev.daily daily'],
  ['select daily.amount from kpi.daily', 'select daily.amount from kpi_dev.daily'],
  // A WITH gives names without schema.
  [
    'with daily as (select * from kpi.daily) select * from daily d',
    'with daily as (select * from kpi_dev.daily) select * from daily d',
  ],
  [
    'with kpi as (select 1 as daily) select kpi.daily from kpi, kpi.daily as x',
    'with kpi as (select 1 as daily) select kpi.daily from kpi, kpi_dev.daily as x',
  ],
  [
    'with recursive lines as (select 1 union all select 1 from lines) select * from lines, raw.lines r',
    'with recursive lines as (select 1 union all select 1 from lines) select * from lines, raw_dev.lines r',
  ],
  // Wherever a query may stand.
  [
    'select 1 where exists (table kpi.daily) union select * from raw.lines',
    'select 1 where exists (table kpi_dev.daily) union select * from raw_dev.lines',
  ],
  [
    'select extract(day from kpi.daily.d) from kpi.daily',
    'select extract(day from kpi_dev.daily.d) from kpi_dev.daily',
  ],
  [
    'select * from (kpi.daily a cross join lateral (select * from only (raw.lines) where x = a.x) b)',
    'select * from (kpi_dev.daily a cross join lateral (select * from only (raw_dev.lines) where x = a.x) b)',
  ],
  [
    'amount > 0 and store in (select store from raw.lines)',
    'amount > 0 and store in (select store from raw_dev.lines)',
  ],
  // Functions of a schema are no tables.
  ['select kpi.round(x) from kpi.daily', 'select kpi.round(x) from kpi_dev.daily'],
])('%s', (text, expected) => {
  expect(rename(text)).toEqual({ text: expected, uncertain: [] });
});

test.each([
  ['select * from daily', 'daily is named without its schema and may be kpi.daily'],
  ['select * from wh.kpi.daily', 'wh.kpi.daily names a database'],
  ["select 'kpi.daily'::regclass", "'kpi.daily' names a table in a string"],
  ["select regclass 'kpi.daily'", "'kpi.daily' names a table in a string"],
  ['select null::kpi.daily', 'it is not certain that kpi.daily is the table of this name'],
  ['select cast(null as kpi.daily) from x kpi', 'it is not certain that kpi.daily is the table of this name'],
  ['select kpi.daily(x) from raw.other x', 'it is not certain that kpi.daily is the table of this name'],
  ['select kpi.daily.amount from raw.other x', 'it is not certain that kpi.daily is the table of this name'],
])('%s is an error, never a guess', (text, message) => {
  const { text: left, uncertain } = rename(text);
  expect(left).toBe(text);
  expect(uncertain.map((one) => one.message)).toEqual([message]);
});

test('a name that WITH gives is none without a schema', () => {
  expect(rename('with lines as (select 1) select * from lines').uncertain).toEqual([]);
});

test('whatever stands around them, the tables moved are those that are read, and nothing else changes', () => {
  const texts = [...statements, ...(readCollection() ?? []).map(({ sql }) => sql)];
  fc.assert(
    fc.property(fc.constantFrom(...texts), (text) => {
      const tables = (sql: string) =>
        readReferences(sql, 'postgres').flatMap(({ reads, writes, qualifiers }) =>
          [...reads, ...writes, ...qualifiers].map((table) => ({ ...table, full: tableName(table) })),
        );
      const before = tables(text);
      const all = new Map(
        before.flatMap(({ schema, full }) => (schema === undefined ? [] : [[full, `${schema}_dev`] as const])),
      );
      const renamed = renameTables(text, 'postgres', all);
      const after = tables(renamed.text);
      expect(after.map(({ schema, name }) => [schema, name])).toEqual(
        before.map(({ schema, name, database }) => [
          schema === undefined || database !== undefined ? schema : `${schema}_dev`,
          name,
        ]),
      );
      // Taking the suffixes off again gives the text, but for its spelling of schemas.
      const plain = (sql: string) => sql.replaceAll(/[" ]/g, '').toLowerCase();
      expect(plain(renamed.text).replaceAll('_dev.', '.')).toBe(plain(text).replaceAll('_dev.', '.'));
    }),
    { numRuns: 300 },
  );
});

import { expect, test } from 'vitest';
import { readReferences } from './references.ts';
import { type TableRef, tableName } from './table-ref.ts';
import type { SqlDialect } from './tokens.ts';

const named = (tables: readonly TableRef[]) =>
  tables.map((table) => (table.database === undefined ? '' : `${table.database}.`) + tableName(table));

function read(text: string, dialect: SqlDialect = 'postgres') {
  const [statement] = readReferences(text, dialect);
  if (statement === undefined) throw new Error(`no statement in ${text}`);
  return statement;
}

const reads = (text: string, dialect?: SqlDialect) => named(read(text, dialect).reads).join(' ');

test.each([
  ['select 1', ''],
  ['select * from s.t', 's.t'],
  ['select * from a, b x, c as y (p, q), "D"."E"', 'a b c D.E'],
  ['select * from S.T join U using (id, v) left outer join w on w.a = u.b, z', 's.t u w z'],
  ['select * from a natural join b cross join c', 'a b c'],
  ['select * from db.s.t', 'db.s.t'],
  ['select * from only t, only (u) v', 't u'],
  ['select * from t * , u tablesample system (5), v', 't u v'],
  ['select a.x-b.x from a, b where a.x in (select c.y from c)', 'a b c'],
  ['table s.t', 's.t'],
  ['values (1, (select max(x) from t)), (2, 3)', 't'],
])('FROM lists: %s', (text, expected) => {
  expect(reads(text)).toBe(expected);
});

test.each([
  [
    'select extract(year from x), substring(y from 2 for 3), trim(both from z), overlay(a placing b from 1) from t',
    't',
  ],
  ['select * from a join b on a.x is distinct from b.x, c', 'a b c'],
  ['select * from a where x is not distinct from y and z is distinct from w', 'a'],
  ['select extract(day from (select max(d) from u)) from t', 'u t'],
  ['select 1 as from, 2 as select, x as join from t', 't'],
  ['select "from", t."join" from t', 't'],
  [`select 'from a', $$ from b $$, E'\\' from c' /* from d */ from t -- from e`, 't'],
  ['select x.from, x[0].select from t x', 't'],
  ['select rank() over (partition by a order by b rows between 1 preceding and current row) from t', 't'],
  ['select percentile_cont(0.5) within group (order by x) from t', 't'],
])('FROM is a clause only where a clause may be: %s', (text, expected) => {
  expect(reads(text)).toBe(expected);
});

test.each([
  ['select * from a join b on case when a.x then b.y end = 1, c', 'a b c'],
  ['select case when x then (select y from u) end from t', 'u t'],
  ['select * from (a join b on a.i = b.i) join (c cross join (d natural join e)) on true, f', 'a b c d e f'],
  ['select * from ((select * from a) union (select * from b)) u, c', 'a b c'],
  ['select * from ((a))', 'a'],
  ['select * from a where (x, y) in (select p, q from b) and exists (select from c)', 'a b c'],
  ['select array(select x from a), array[(select y from b), 2] from c', 'a b c'],
  ['(select * from a) union all (select * from b) order by (select 1 from c)', 'a b c'],
  ['select * from a union select * from b except select * from c intersect table d', 'a b c d'],
  ['select * from a order by x, y', 'a'],
  ['select * from a group by x, y having z > 1 limit 5', 'a'],
  ['select * from a window w as (order by b), v as (order by c)', 'a'],
])('parentheses, CASE and set operators: %s', (text, expected) => {
  expect(reads(text)).toBe(expected);
});

test.each([
  ['select * from generate_series(1, (select n from a)) g, b', 'a b'],
  ['select * from f(x) with ordinality as t(a, b), u', 'u'],
  ['select * from rows from (f(1), g(2) as (a int, b text)) as r, t', 't'],
  ['select * from t, lateral (select * from u where u.x = t.x) l, lateral s.f(t.y) m', 't u'],
  ['select * from jsonb_to_recordset(x) as r(a int, b text), t', 't'],
  ['select * from (values (1, 2), (3, 4)) v(a, b), t', 't'],
  ['select * from unnest(array[1, 2], array[3]) u, t', 't'],
])('functions and lateral items: %s', (text, expected) => {
  expect(reads(text)).toBe(expected);
});

test.each([
  ['with a as (select * from t) select * from a', 't'],
  ['with a as (select * from a) select * from a', 'a'],
  ['with recursive a as (select * from t union all select * from a) select * from a', 't'],
  ['with recursive a as (select * from b), b as (select * from t) select * from a', 't'],
  ['with a as (select * from b), b as (select * from t) select * from a, b', 'b t'],
  ['with a (x, y) as materialized (select * from t), b as not materialized (select * from a) select * from b', 't'],
  ['with a as (select * from t) select * from s.a', 't s.a'],
  ['with "A" as (select * from t) select * from a, "A"', 't a'],
  ['with a as (with b as (select * from t) select * from b) select * from a, b', 't b'],
  ['select * from (with a as (select * from t) select * from a) x, a', 't a'],
  ['with a as (select * from t) select (select max(x) from a) union select * from a', 't'],
  ['with recursive as (select * from t) select * from recursive', 't'],
  [
    'with recursive a as (select * from t) search depth first by x, y set z cycle x set c using p, b as (select * from a) select * from b',
    't',
  ],
])('the names of a WITH: %s', (text, expected) => {
  expect(reads(text)).toBe(expected);
});

test.each([
  ['select * from customers c, c.orders o, o.items i', 'customers'],
  ['select * from customers, customers.orders', 'customers'],
  ['select * from t, unpivot t.x as v at k', 't'],
  ['select c[0].a.b, o from t c, c.orders o at i', 't'],
  ['select top 10 x from #tmp qualify row_number() over (order by x) = 1', '#tmp'],
  ['select * exclude (a) from t pivot (sum(x) for y in (1, 2)) as p, u', 't u'],
  ['select x from a minus select x from b minus (select x from c)', 'a b c'],
  [`select 'it\\'s from q' from "S"."T"`, 's.t'],
  ['select * from t start with id = 1 connect by prior id = up', 't'],
])('Redshift: %s', (text, expected) => {
  expect(reads(text, 'redshift')).toBe(expected);
});

test('a path into a SUPER column is told apart from a table only on Redshift, and is not lost', () => {
  const text = 'select * from staging.sales sales, sales.lines';
  expect(named(read(text, 'redshift').navigations)).toEqual(['sales.lines']);
  expect(reads(text, 'postgres')).toBe('staging.sales sales.lines');
});

test.each([
  ['insert into s.t (a, b) select * from u on conflict (a) do update set a = 1, b = 2', 'insert', 's.t', 'u'],
  ['insert into t with a as (select * from u) select * from a', 'insert', 't', 'u'],
  ['with a as (select * from u) insert into a select * from a', 'insert', 'a', 'u'],
  ['insert into t values (1, 2), (3, 4)', 'insert', 't', ''],
  ['update only s.t x set a = 1, b = (select c from v) from u, w where x.i = u.i', 'update', 's.t', 'v u w'],
  ['delete from t using a, b where t.x = a.x', 'delete', 't', 'a b'],
  ['delete from t where x in (select x from u)', 'delete', 't', 'u'],
  [
    'merge into t using s on case when t.x = s.x then true end when matched then update set a = 1, b = 2 when not matched then insert (a) values (s.a)',
    'merge',
    't',
    's',
  ],
  ['create table if not exists s.t as select * from u with no data', 'table', 's.t', 'u'],
  ['create temp table t diststyle key distkey(a) sortkey(b) as (select a from u)', 'table', 't', 'u'],
  [
    'create or replace view v (a, b) as with x as (select 1) select * from x, u with no schema binding',
    'view',
    'v',
    'u',
  ],
  ['create materialized view v backup no auto refresh yes as select * from u', 'view', 'v', 'u'],
  ['select a, b into temp s.t from u', 'select', 's.t', 'u'],
  ['with d as (delete from t returning *) select * from d', 'select', 't', ''],
  ['explain analyze select * from u', 'other', '', 'u'],
  ['truncate s.t', 'other', '', ''],
  [`copy t from 's3://bucket/x'`, 'other', '', ''],
])('statements that write: %s', (text, kind, writes, expected) => {
  const statement = read(text);
  expect([statement.kind, named(statement.writes).join(' '), named(statement.reads).join(' ')]).toEqual([
    kind,
    writes,
    expected,
  ]);
});

test('several statements are read one by one', () => {
  const all = readReferences(';; select * from a; /* x */ commit ; delete from b', 'postgres');
  expect(all.map(({ kind, verb, start, end }) => [kind, verb, start, end])).toEqual([
    ['select', 'select', 3, 18],
    ['other', 'commit', 28, 34],
    ['delete', 'delete', 37, 50],
  ]);
});

test('a table knows its spelling, its place and the query that names it', () => {
  const text = 'select * from "Sales" . Lines l where x > (select max(x) from Kpi.B) union select * from c';
  const [lines, kpi, c] = read(text).reads;
  expect(lines).toMatchObject({
    schema: 'Sales',
    name: 'lines',
    alias: 'l',
    written: '"Sales" . Lines',
    start: 14,
    end: 29,
  });
  expect(kpi && text.slice(kpi.query.start, kpi.query.end)).toBe('select max(x) from Kpi.B');
  expect(lines && text.slice(lines.query.start, lines.query.end)).toBe(text.slice(0, text.indexOf('union')));
  expect(c && text.slice(c.query.start, c.query.end)).toBe('select * from c');
});

test('a table before a column is found, in subqueries too; an alias or a schema of another level is not', () => {
  const places = (text: string, dialect?: SqlDialect) =>
    read(text, dialect).qualifiers.map((table) => `${table.written}@${table.start}`);
  expect(places('select s.t.x, S . T.*, s.t from s.t where exists (select 1 from u where u.x = s.t.x)')).toEqual([
    's.t@7',
    'S . T@14',
    's.t@78',
  ]);
  expect(places('select s.t.x from s.t t')).toEqual([]);
  expect(places('select s.t.x from q.v s, s.t', 'redshift')).toEqual([]);
});

test('what is no SQL at all still gives an answer', () => {
  for (const text of [
    '',
    ';',
    ')))',
    '(((',
    'from',
    'select from',
    'with',
    'with a',
    'with a as',
    'join',
    'select * from (',
    ',,',
    '.',
  ])
    expect(() => readReferences(text, 'postgres'), text).not.toThrow();
  expect(reads('select * from a join')).toBe('a');
  expect(reads('select * from a) b join c')).toBe('a c');
  expect(reads(`select * from a, b where x = 'never closed`)).toBe('a b');
});

test('depth costs no stack, and length no more than its share of time', () => {
  const many = 10_000;
  const chain = Array.from({ length: many }, (_, at) => `c${at} as (select * from ${at ? `c${at - 1}` : 's.t'})`);
  const texts: [string, string][] = [
    [`with ${chain.join()} select * from c${many - 1}`, 's.t'],
    [`select ${'('.repeat(many)}1${')'.repeat(many)} from s.t`, 's.t'],
    [`${'select * from ('.repeat(many)} select * from s.t ${') x'.repeat(many)}`, 's.t'],
    [`select * from ${'('.repeat(many)} s.t ${')'.repeat(many)}`, 's.t'],
  ];
  const began = process.cpuUsage();
  for (const [text, expected] of texts) expect(reads(text)).toBe(expected);
  expect(process.cpuUsage(began).user / 1_000_000).toBeLessThan(3);
});

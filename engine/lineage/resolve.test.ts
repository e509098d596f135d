import { expect, test } from 'vitest';
import { readTexts } from '../reading/reader.ts';
import type { SqlDialect } from '../sql/tokens.ts';
import type { TableColumns } from './column.ts';
import { edgesOf } from './project.ts';
import { resolve } from './resolve.ts';

const tables: Readonly<Record<string, readonly string[]>> = {
  's.a': ['id', 'x', 'y'],
  's.b': ['id', 'z'],
};
const known: TableColumns = (table) => {
  const names = tables[table];
  return names && { names, complete: true };
};

/** `column < what it is made from`, `?` where that is partial; and the mistakes. */
async function read(sql: string, dialect: SqlDialect = 'postgres') {
  const [reading] = await readTexts([sql], dialect);
  const [shape] = reading?.shapes ?? [];
  if (!shape) throw new Error(`nobody takes ${sql}`);
  const { relation, mistakes } = resolve(shape, dialect, known);
  const edges = edgesOf('t', relation).map(({ from, to, partial }) => `${to.slice(2)} < ${from}${partial ? '?' : ''}`);
  return {
    edges,
    mistakes: mistakes.map(({ found }) => `${found.kind} ${found.name}`),
    places: mistakes.map(({ at }) => at),
  };
}

const cases: readonly (readonly [title: string, sql: string, ...edges: string[]])[] = [
  ['a column and an expression', 'select x, x + y as n from s.a', 'x < s.a.x', 'n < s.a.x', 'n < s.a.y'],
  ['a star', 'select * from s.b', 'id < s.b.id', 'z < s.b.z'],
  [
    'a star of one table',
    'select b.*, a.x from s.a a join s.b b on a.id = b.id',
    'id < s.b.id',
    'z < s.b.z',
    'x < s.a.x',
  ],
  ['a name of a WITH, its columns named anew', 'with c(p) as (select y from s.a) select p from c', 'p < s.a.y'],
  ['a WITH does not see itself', 'with a as (select x from s.a) select x from a', 'x < s.a.x'],
  [
    'a recursive WITH whose columns change places',
    'with recursive c(p, q) as (select x, y from s.a union all select q, p from c) select p from c',
    'p < s.a.x',
    'p < s.a.y',
  ],
  ['arms of a union, by place', 'select x from s.a union all select z from s.b', 'x < s.a.x', 'x < s.b.z'],
  [
    'a window, named',
    'select sum(x) over w as n from s.a window w as (partition by id order by y)',
    'n < s.a.id',
    'n < s.a.y',
    'n < s.a.x',
  ],
  ['a subquery that is a value', 'select (select max(z) from s.b where b.id = a.id) as m from s.a', 'm < s.b.z'],
  ['a subquery that only decides', 'select exists (select z from s.b) as e, x from s.a', 'x < s.a.x'],
  ['a column of USING is the left one', 'select id from s.a left join s.b using (id)', 'id < s.a.id'],
  ['of a FULL JOIN both', 'select id from s.a full join s.b using (id)', 'id < s.a.id', 'id < s.b.id'],
  ['a lateral subquery', 'select l.n from s.a, lateral (select a.x as n) l', 'n < s.a.x'],
  ['schema.table.column', 'select s.a.x from s.a', 'x < s.a.x'],
  ['a table nobody knows', 'select u.x, y from u', 'x < u.x', 'y < u.y'],
  ['two tables nobody knows', 'select x from u, v', 'x < u.x?', 'x < v.x?'],
  ['a star over a table nobody knows', 'select * from u', '* < u.*?'],
  ['what is known through such a star', 'select q.x from (select * from u) q', 'x < u.x'],
  ['VALUES', 'select v.p from (values (1, 2)) v(p, q)'],
  ['targets of an INSERT', 'insert into w (p, q) select x, y from s.a', 'p < s.a.x', 'q < s.a.y'],
];

for (const [title, sql, ...edges] of cases) {
  test(title, async () => {
    const found = await read(sql);
    expect(found.mistakes).toEqual([]);
    expect(found.edges.toSorted()).toEqual(edges.toSorted());
  });
}

test('in Redshift an alias may be used beside it, after the columns of tables', async () => {
  expect((await read('select x + 1 as n, n * y as m from s.a', 'redshift')).edges).toEqual([
    'n < s.a.x',
    'm < s.a.y',
    'm < s.a.x',
  ]);
  expect((await read('select x + 1 as y, y as m from s.a', 'redshift')).edges.at(-1)).toBe('m < s.a.y');
  expect((await read('select x + 1 as n, n * y as m from s.a')).mistakes).toEqual(['no-column n']);
});

test('date parts and other words are no columns', async () => {
  const sql = 'select dateadd(day, 1, x) as d, datediff(month, x, sysdate) as m, getdate() as g from s.a';
  expect(await read(sql, 'redshift')).toMatchObject({ mistakes: [], edges: ['d < s.a.x', 'm < s.a.x'] });
});

test('a name that means nothing is told with its place', async () => {
  const sql = "select 'é' as e, a.xx from s.a where yy = 1";
  const { mistakes, places } = await read(sql);
  expect(mistakes).toEqual(['no-column xx', 'no-column yy']);
  expect(places).toEqual([sql.indexOf('a.xx'), sql.indexOf('yy')]);
  expect((await read('select q.x from s.a')).mistakes).toEqual(['no-relation q']);
});

const silent = [
  'select j.id from s.a join s.b using (id) as j',
  'select (a).x, a.* from s.a where a is not null',
  'select v.column1 from (values (1)) v',
  'select n, i from s.a, unnest(array[x]) with ordinality as u(n, i)',
  'select sum(x) filter (where y > 1), percentile_cont(0.5) within group (order by y) from s.a',
  'select x from s.a natural join s.b where z = 1',
  'select q.z from s.a a cross join lateral (select b.z from s.b b where b.id = a.id limit a.x) q',
  'select xx from s.a, u',
  'select a.ctid from s.a',
  'select a from s.a',
  'select x as n from s.a order by n',
  'select x as n from s.a group by n',
  'select (select q.x) from (select * from u) q',
  'select d from s.a, generate_series(1, x) d',
  'select f.b from f(1) as f(b)',
  'select x from s.a where exists (select 1 from s.b where b.id = y)',
];
for (const sql of silent) {
  test(`nothing is said of ${sql}`, async () => expect((await read(sql)).mistakes).toEqual([]));
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { statements } from '../sql/test-texts.ts';
import { columnsOf, toLocal, toLocalType } from './local.ts';
import { manualModels } from './manual/models.ts';

/** The local form without the spaces that its leaving out and putting in has made. */
const local = (text: string): string => {
  const { text: given, problems } = toLocal(text);
  expect(problems).toEqual([]);
  return given.replace(/\s+/g, ' ').replace(/\( /g, '(').replace(/ \)/g, ')').replace(/ ,/g, ',').trim();
};

/** What is refused, as `word: message`: the word is the one at the place. */
const refusals = (text: string): string[] =>
  toLocal(text).problems.map(({ offset, message }) => `${text.slice(offset).match(/^\w+|^./)?.[0]}: ${message}`);

describe('the author keeps the lines and the comments', () => {
  test('every token that stays is on its line', () => {
    const text = `-- the newest sale of each store
with lines as (
  select store_id, nvl(amount, 0) as amount,  /* NVL(x) */
         listagg(item,
                 ', '
         ) within group (
           order by sold_at
         ) as items
  from raw.lines -- top 3
  group by 1, 2
)
select top 3
  *, decode(
    store_id,
    'A', 1,
    2
  ) as which
from lines l
qualify row_number() over (
  partition by store_id
  order by amount desc
) = 1
order by last_word`;
    const given = toLocal(text);
    expect(given.problems).toEqual([]);
    expect(given.text.split('\n')).toHaveLength(text.split('\n').length);
    const lineOf = (all: string, word: string) => all.slice(0, all.indexOf(word)).split('\n').length;
    for (const word of [
      '-- the newest',
      'raw.lines',
      '-- top 3',
      '/* NVL(x) */',
      'sold_at',
      'lines l',
      'partition by store_id',
      'last_word',
    ])
      expect([word, lineOf(given.text, word)]).toEqual([word, lineOf(text, word)]);
  });

  test('a text that both understand stays as it is', () => {
    const text =
      "select a, sum(b) as b -- a sum\nfrom s.t x\nwhere c = 'it''s' and d between 1 and 2\ngroup by 1\norder by a;\n";
    expect(toLocal(text)).toEqual({ text, problems: [] });
  });

  test('words in strings, comments, quoted names and after a dot mean nothing', () => {
    const text = `select 'top 5 minus', x.sysdate, "getdate" /* qualify */ from s.minus x`;
    expect(toLocal(text).text).toBe(text);
  });
});

describe('one within the other', () => {
  test('calls in calls', () => {
    expect(local('select nvl2(a, nvl(b, c), datediff(d, x, getdate())) from s.t')).toBe(
      "select (case when (a) is not null then (coalesce(b, c)) else (redshift.datediff('day', x, redshift.getdate())) end) from s.t",
    );
  });

  test('DECODE says its value once, unless null may be looked for', () => {
    expect(local("select decode(a, 1, 'x', 2, 'y', 'z'), decode(a, b, 1), decode(a, null, 0, 1) from s.t")).toBe(
      "select (case (a) when (1) then ('x') when (2) then ('y') else ('z') end), (case when (a) is not distinct from (b) then (1) end), (case when (a) is not distinct from (null) then (0) else (1) end) from s.t",
    );
  });

  test('what is said twice is rewritten twice', () => {
    expect(local('select avg(nvl(a, 0)) over (partition by nvl(b, 1)) from s.t')).toBe(
      'select redshift.average(sum(coalesce(a, 0)) over (partition by coalesce(b, 1)), count(coalesce(a, 0)) over (partition by coalesce(b, 1))) from s.t',
    );
  });

  test('TOP and QUALIFY in an arm of a UNION put it in parentheses', () => {
    expect(
      local('select top 2 a from s.t union all select a from s.u x qualify rank() over (order by a) = 1 order by 1'),
    ).toBe(
      '(select a from s.t limit 2) union all (select a from s.u x order by generate_series(1, (rank() over (order by a) = 1)::int)) order by 1',
    );
  });

  test('an alias in QUALIFY stands for its expression', () => {
    expect(local('select a, row_number() over (partition by nvl(b, 1) order by c) rn from s.t x qualify rn = 1')).toBe(
      'select a, row_number() over (partition by coalesce(b, 1) order by c) rn from s.t x order by generate_series(1, ((row_number() over (partition by coalesce(b, 1) order by c)) = 1)::int)',
    );
  });

  test('a long string that is moved says its line breaks', () => {
    expect(local("select listagg(a, '\n') within group (order by a) over () from s.t")).toContain("E'\\n'");
  });
});

describe('what is known of columns', () => {
  const known = (table: string) => (table === 's.t' ? ['a', 'b', 'c'] : undefined);

  test('through *, WITH, subqueries and aliases', () => {
    const of = (text: string) => columnsOf(text, known);
    expect(of('select * from s.t')).toEqual(['a', 'b', 'c']);
    expect(
      of('with x as (select *, a + b as d from s.t) select x.*, y.e from x join (select 1 as e) y on true'),
    ).toEqual([...['a', 'b', 'c', 'd'], 'e']);
    expect(of('select t.* from s.t as t (k, l, m)')).toEqual(['k', 'l', 'm']);
    expect(of('with recursive r (n) as (select 1 union all select n + 1 from r) select * from r')).toEqual(['n']);
    expect(of('with recursive r as (select 1 as n union all select n + 1 from r) select * from r')).toEqual(['n']);
    expect(of('select a, b from s.t union all select x, y from s.u')).toEqual(['a', 'b']);
  });

  test('not through what hides them', () => {
    for (const text of [
      'select * from s.u',
      'select *, 1 as one from s.u',
      'select a + b from s.t',
      'select a::double precision from s.t',
      'select case when a then b end from s.t',
      'select a is null from s.t',
      'select * from s.t join s.t u using (a)',
      'select * from f(1)',
      'with x as (select * from x) select * from x',
    ])
      expect([text, columnsOf(text, known)]).toEqual([text, undefined]);
  });

  test('an alias stands for its expression in later items, but a column goes before it', () => {
    const given = toLocal('select a + 1 as d, d * 2 as b, b + d as e, (select max(d) from s.t) f from s.t', known).text;
    expect(given).toBe('select a + 1 as d, (a + 1) * 2 as b, b + (a + 1) as e, (select max(d) from s.t) f from s.t');
    const unknown = 'select a + 1 as d, d * 2 as e from s.u';
    expect(toLocal(unknown, known).text).toBe(unknown);
  });
});

describe('what has no local form is refused at its place', () => {
  test.for([
    ['select c.o[0].k from s.c c', '[: a path into a SUPER value has no local form'],
    ['select o.k from s.c c, c.orders o', 'c: a path into a SUPER value has no local form'],
    ['select json_parse(a) from s.t', 'json_parse: JSON_PARSE has no local form'],
    ['select a::super from s.t', 'super: the type SUPER has no local form'],
    ['select cast(a as tinyint) from s.t', 'tinyint: tinyint is no type of Redshift'],
    ['select a from s.t, s.u where t.a = u.a(+)', '(: the (+) of an outer join has no local form'],
    ['select a, count(*) from s.t group by all', 'group: GROUP BY ALL has no local form'],
    ['select * exclude (a) from s.t', 'exclude: * EXCLUDE has no local form'],
    ['select a from s.t start with b is null connect by prior a = b', 'connect: CONNECT BY has no local form'],
    ['select hll(a) from s.t', 'hll: no local form of the function hll is known'],
    [
      "select regexp_substr(a, '(?=x)y', 1, 1, 'p') from s.t",
      'regexp_substr: a regular expression of Perl has no local form',
    ],
    [
      "select a from s.t where a ~ '\\\\bx' and b ~ '\\\\d+\\\\.?x'",
      "': a regular expression of Perl has no local form",
    ],
    ["select regexp_replace(a, '(x)', '$1') from s.t", "': a replacement with references has no local form"],
    ['select datediff(fortnight, a, b) from s.t', 'fortnight: there is no date part fortnight'],
    ['select dateadd(dow, 1, a) from s.t', 'dow: DATEADD does not count in dow'],
    [
      'select sum(a) over (order by b) from s.t',
      'order: Redshift asks for a frame beside the ORDER BY in the OVER of SUM',
    ],
    ['select sum(a) over (order by b range unbounded preceding) from s.t', 'range: Redshift has frames of ROWS alone'],
    ['select median(a) over (order by b) from s.t', 'order: the OVER of MEDIAN takes PARTITION BY alone'],
    ['select top 3 a from s.t limit 3', 'top: TOP and LIMIT cannot be used in one query'],
    ['select a from s.t except all select a from s.u', 'except: Redshift has no EXCEPT ALL'],
    ['select a from #recent', '#: nothing in this query gives #recent'],
    [
      'select * from s.t pivot (sum(a) for b in (1, 2))',
      'pivot: PIVOT has a local form only where the columns of its input are named',
    ],
    ['select now() from s.t', 'now: NOW has no local form'],
    ["select '\\0' from s.t", "': a text with a NUL has no local form"],
  ])('%s', ([text = '', said]) => {
    expect(refusals(text)).toEqual([said]);
    expect(toLocal(text).text).toBe(text);
  });

  test("one's own function is named with its schema", () => {
    expect(local('select util.hll(a) from s.t')).toBe('select util.hll(a) from s.t');
    expect(toLocal('select coalesc(a, 1) from s.t').problems[0]?.hint).toContain('Did you mean "coalesce"?');
  });
});

test('types of a header', () => {
  expect(
    ['nvarchar(20)', 'varchar(max)', 'decimal', 'decimal(10, 2)', 'double precision', 'own.kind'].map(toLocalType),
  ).toEqual(['varchar(20)', 'varchar(65535)', 'decimal(18, 0)', 'decimal(10, 2)', 'double precision', 'own.kind']);
});

test('damaged texts are rewritten or refused, and nothing is thrown', () => {
  const texts = [...statements, ...manualModels.map(({ sql }) => sql)];
  const damaged = fc
    .tuple(fc.constantFrom(...texts), fc.constantFrom(...texts), fc.nat(400), fc.nat(60), fc.nat(400))
    .map(([a, b, at, gone, more]) => a.slice(0, at) + b.slice(more, more + 20) + a.slice(at + gone));
  fc.assert(
    fc.property(damaged, (text) => {
      for (const { offset } of toLocal(text).problems) expect(offset).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 300 },
  );
});

import { expect, test } from 'vitest';
import { inlineQueries } from './inline.ts';

const queries: Record<string, string> = {
  'staging.x': 'with a as (select 1 as n) -- one\nselect n\nfrom a;',
};
const inline = (text: string) => inlineQueries(text, 'postgres', (table) => queries[table]);
const query = '(with a as ( select 1 as n ) select n from a)';

test.each([
  ['select n from staging.x', `select n from ${query} as "x"`],
  ['select y.n\nfrom staging.x y', `select y.n\nfrom ${query} y`],
  ['select * from staging.x AS "Y" join b.c on true', `select * from ${query} AS "Y" join b.c on true`],
  ['select staging.x.n from staging.x where 1 = 1', `select "x".n from ${query} as "x" where 1 = 1`],
  ['select * from staging.x, staging.x z', `select * from ${query} as "x", ${query} z`],
  ["select 'staging.x', x from b.staging /* staging.x */", "select 'staging.x', x from b.staging /* staging.x */"],
])('%s', (text, expected) => {
  expect(inline(text)).toBe(expected);
});

test('a WITH of the same bare name is no table', () => {
  expect(inline('with x as (select 2) select * from x')).toBe('with x as (select 2) select * from x');
});

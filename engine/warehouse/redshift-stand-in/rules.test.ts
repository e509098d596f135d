import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { tablesOf, tokensOf } from './lexer.ts';
import { standInReadme } from './readme.ts';
import { readsCompute, rules } from './rules.ts';

/** The name of the rule that refuses a statement. */
function refusedBy(text: string, inTransaction = false): string | undefined {
  const tokens = tokensOf(text);
  const tables = tablesOf(tokens);
  const seen = {
    tokens,
    verb: tokens[0]?.value ?? '',
    tables,
    onCompute: readsCompute({ tokens, tables }),
    inTransaction,
  };
  return rules.find((rule) => rule.refuses(seen))?.name;
}

test.each(rules.map((rule) => [rule.name, rule] as const))('%s refuses its example', (name, rule) => {
  expect(refusedBy(rule.example, name === 'alter-type-in-transaction')).toBe(name);
});

describe('what Redshift takes is not refused', () => {
  test.each([
    'lock table kpi.daily',
    'lock kpi.daily, kpi.weekly',
    'begin read only',
    'create table kpi.daily (day date encode az64, store varchar(20) encode raw, amount numeric(18,2)) diststyle key distkey (store) compound sortkey (day)',
    'create table s.a (like s.b)',
    'create table s.a as select * from s.b where false',
    'alter table s.a rename to b',
    'alter table s.a add column b varchar(20)',
    'alter table s.a alter column b type varchar(300)',
    'delete from s.a using s.b where s.a.id = s.b.id',
    'update s.a t set x = s.x from s.b s where t.id = s.id',
    'create or replace view s.v as select a from s.t with no schema binding',
    'select extract(epoch from at) from s.t',
    "select trim(both ' ' from name) from s.t",
    'insert into s.t (at) values (getdate())',
    'insert into s.t (id) values (1), (2)',
    'select 1 from s.t where id in (1, 2) and x = any (select y from s.u)',
    'select count(distinct id), sum(x) over (partition by y order by z rows unbounded preceding) from s.t',
    'select c.oid, n.nspname, format_type(a.atttypid, a.atttypmod) from pg_catalog.pg_class c join pg_namespace n on n.oid = c.relnamespace',
    'select pg_terminate_backend(12)',
    'select pg_backend_pid()',
    'with a as (select 1 as one) select one, current_schema() from a',
    "copy s.t from 's3://b/k' iam_role 'arn' manifest csv gzip",
    "unload ('select 1') to 's3://b/k' iam_role 'arn' format csv",
    'select "raw"."lines"."tag" from "raw"."lines"',
    'select t.tag as tag from s.t',
    "set query_group to 'x'",
    'grant select on s.t to role "r"',
  ])('%s', (statement) => {
    expect(refusedBy(statement)).toBeUndefined();
  });
});

test('what stands in strings and comments is not read', () => {
  expect(
    refusedBy("select 'returning' as a, $$on conflict$$ as b -- lateral\n/* array[1] */ from s.t"),
  ).toBeUndefined();
});

test('README.md cites a page of the manual for every rule', () => {
  expect(readFileSync(new URL('./README.md', import.meta.url), 'utf8')).toBe(standInReadme());
});

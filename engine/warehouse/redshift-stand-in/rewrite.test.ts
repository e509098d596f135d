import { expect, test } from 'vitest';
import { rewrite } from './rewrite.ts';

test.each([
  ['begin', 'begin isolation level repeatable read'],
  ['BEGIN READ ONLY', 'begin isolation level repeatable read read only'],
  ['select sysdate, a.sysdate', 'select redshift_stand_in.sysdate(), a.sysdate'],
  ['select version()', 'select redshift_stand_in.version()'],
  [
    'select x::numeric, cast(y as decimal), z::numeric(9,2)',
    'select x::numeric(18,0), cast(y as numeric(18,0)), z::numeric(9,2)',
  ],
  [
    'select try_cast(a as date) from s.t',
    "select (case when pg_input_is_valid((a)::text, 'date') then (a)::text::date end) from s.t",
  ],
  ["set query_group to 'run'", "set application_name to 'run'"],
  ["select set_config('query_group', 'run', false)", "select set_config('application_name', 'run', false)"],
  ['grant select on s.t to role "r"', 'grant select on s.t to      "r"'],
  [
    'create table t (a text, b varchar, c varchar(max), d numeric)',
    'create table t (a varchar(256), b varchar(256), c varchar(65535), d numeric(18,0))',
  ],
])('%s', (statement, wanted) => {
  expect(rewrite(statement)).toBe(wanted);
});

test('where rows lie is left out', () => {
  const statement =
    'create table s.t (a int encode az64 distkey, b date sortkey) diststyle key distkey(a) compound sortkey (a, b)';
  expect(rewrite(statement).replace(/ +/g, ' ').trim()).toBe('create table s.t (a int , b date )');
  expect(rewrite('create table s.t diststyle even as select 1 as one').replace(/ +/g, ' ')).toBe(
    'create table s.t as select 1 as one',
  );
});

test('a late-binding view keeps its query as text', () => {
  expect(rewrite("create or replace view s.\"V\" as select 'it''s' as x from s.t with no schema binding")).toBe(
    "do $stand_in$begin perform redshift_stand_in.create_late_view('s', 'V', ' select ''it''''s'' as x from s.t ', true); end$stand_in$",
  );
});

import { expect, test } from 'vitest';
import { findForbidden } from './forbidden.ts';

const codes = (text: string) => findForbidden(text, 'postgres').map(({ code, offset }) => `${code}@${offset}`);

test.each([
  'select 1',
  'with a as (select 1) select * from a;',
  '(select 1) union all (select 2);;',
  'values (1, 2)',
  'table s.t',
  `select ';', "in;sert", $$;$$ -- ; drop table x`,
  'select truncate, commit as "create" from insert_log where "update" is null',
  'with a as (select 1) (select * from a)',
  'select * from t for update',
])('a query may stand: %s', (text) => {
  expect(codes(text)).toEqual([]);
});

test.each([
  ['', ['empty-model@0']],
  [' -- nothing\n;', ['empty-model@0']],
  ['select 1; select 2', ['second-statement@8']],
  ['select 1; drop table x;', ['second-statement@8']],
  ['; select 1', ['second-statement@0']],
  [`select 'a`, ['unclosed@7']],
  ['select 1 /* a', ['unclosed@9']],
  ['select 1) union (select 2', ['unbalanced@8']],
  ['select ((1)', ['unbalanced@7']],
  ['select * from t where x = $1', ['sql-parameter@26']],
  ['insert into t select 1', ['not-a-query@0']],
  ['with a as (select 1) insert into t select * from a', ['not-a-query@0']],
  ['create table t as select 1', ['not-a-query@0']],
  ['truncate t', ['not-a-query@0']],
  ['vacuum; commit', ['not-a-query@0', 'second-statement@6']],
  ['explain select 1', ['not-a-query@0']],
  ['select 1 into t', ['writes-a-table@14']],
  ['with a as (delete from s.t returning *) select * from a', ['writes-a-table@23']],
  ['1 + 1', ['not-a-query@0']],
])('%s', (text, expected) => {
  expect(codes(text)).toEqual(expected);
});

test('messages name the statement and what to do', () => {
  const says = (text: string) => findForbidden(text, 'redshift').map(({ message, hint }) => `${message} | ${hint}`);
  expect(says('TRUNCATE t')[0]).toMatch(/^TRUNCATE is not a query \| It would commit/);
  expect(says('selct 1')[0]).toBe('SELCT is not a query | Did you mean "select"?');
  expect(says('with a as (select 1) delete from t using a')[0]).toMatch(/^DELETE is not a query/);
  expect(says('with d as (delete from s.t) select 1')[0]).toMatch(/^the query writes s\.t/);
});

import { expect, test } from 'vitest';
import { toLocal } from './local.ts';

test('queries in FROM without a name are given one, the others keep theirs', () => {
  const named = (text: string) => toLocal(text).text;
  expect(named('select a from (select 1 as a)')).toBe('select a from (select 1 as a) as unnamed_1');
  expect(named('select * from (select 1 as a) t, (select 2 as b) where a < b union select 1, 2')).toBe(
    'select * from (select 1 as a) t, (select 2 as b) as unnamed_1 where a < b union select 1, 2',
  );
  expect(named('select * from kpi.t join (select 1 as a) using (a)')).toBe(
    'select * from kpi.t join (select 1 as a) as unnamed_1 using (a)',
  );
  const kept = 'select (select 1), x in (select 2) from (select 1 as x) as "t" left join kpi.u on exists (select 1)';
  expect(named(kept)).toBe(kept);
});

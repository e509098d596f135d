import { expect, test } from 'vitest';
import { Fault } from '../fault.ts';
import { type Database, type Session, type Statement, sql } from '../warehouse/database.ts';
import { textOf } from '../warehouse/session.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { outcomes, smallProject, testProject } from './test-project.ts';

const fast = { attempts: 5, base: 1, cap: 1 };
const csv = 'day,store,amount\n2021-09-01,A,1\n2021-09-02,A,2\n';

/** The real database, but its line breaks where and as often as `breaks` says. */
function breaking(database: Database, breaks: (text: string, moment: 'before' | 'commit') => boolean): Database {
  const lost = () => new Fault('unreachable', 'the line is lost');
  const before = (statement: Statement) => {
    if (breaks(textOf(statement), 'before')) throw lost();
  };
  return {
    ...database,
    query: async <R>(statement: Statement) => {
      before(statement);
      return database.query<R>(statement);
    },
    run: async (statement, signal) => {
      before(statement);
      return database.run(statement, signal);
    },
    transaction: async <T>(work: (tx: Session) => Promise<T>, how = {}) => {
      const said: string[] = [];
      const result = await database.transaction(
        (tx) =>
          work({
            ...tx,
            query: async <R>(statement: Statement) => {
              before(statement);
              said.push(textOf(statement));
              return tx.query<R>(statement);
            },
          }),
        how,
      );
      if (said.some((text) => breaks(text, 'commit'))) throw lost();
      return result;
    },
  };
}

const times = (count: number) => {
  let left = count;
  return () => left-- > 0;
};

test('a line lost at the commit: the build is found in the record, and is not done twice', async () => {
  await using store = await testDatabase();
  using project = testProject(store.database, smallProject);
  project.write('data/lines-1.csv', csv);
  const once = { load: times(1), window: times(1), view: times(1) };
  const database = breaking(store.database, (text, moment) => {
    if (moment !== 'commit') return false;
    if (/insert into .*"loads"/.test(text)) return once.load();
    if (/insert into .*"builds"/.test(text)) return once.window() || once.view();
    return false;
  });
  expect(outcomes(await project.results({ database, retries: fast }))).toEqual([
    'raw.lines built',
    'staging.lines built',
    'kpi.daily built',
  ]);
  expect(await project.query('select model, count(*)::int as builds from tiffin_test.builds group by 1')).toHaveLength(
    2,
  );
  expect(await project.query('select 1 from tiffin_test.builds')).toHaveLength(2);
  expect(await project.query('select 1 from tiffin_test.loads')).toHaveLength(1);
  expect(await project.query('select day, amount from kpi.daily order by day')).toEqual([
    { day: '2021-09-01', amount: '1.00' },
    { day: '2021-09-02', amount: '2.00' },
  ]);
  expect(await project.plan()).toMatchObject({ steps: [] });
});

test('a line lost at any statement: the build is done again, whole, and once', async () => {
  await using store = await testDatabase();
  using project = testProject(store.database, smallProject);
  project.write('data/lines-1.csv', csv);
  let statements = 0;
  const counting = breaking(store.database, () => {
    statements += 1;
    return false;
  });
  await project.results({ database: counting, retries: fast });
  const most = statements;
  for (let at = 1; at <= most; at += 3) {
    project.write(
      'data/lines-1.csv',
      `day,store,amount\n2021-09-01,A,${at}\n2021-09-02,A,${'9'.repeat((at % 7) + 1)}\n`,
    );
    let seen = 0;
    let armed = false;
    const database = breaking(store.database, (text) => {
      // Before the first step there is nobody to try again.
      if (/create table "tiffin_test"."stage_/.test(text)) armed = true;
      if (armed) seen += 1;
      return seen === at;
    });
    const results = await project.results({ database, retries: fast });
    expect(outcomes(results).filter((word) => !/built|current/.test(word))).toEqual([]);
    expect(await project.query('select amount from kpi.daily where day = $$2021-09-01$$')).toEqual([
      { amount: `${at}.00` },
    ]);
    expect((await project.plan()).steps, `statement ${at}`).toEqual([]);
  }
});

test('wrong SQL is not tried again', async () => {
  await using store = await testDatabase();
  using project = testProject(store.database, {
    ...smallProject,
    'models/staging/lines.sql': 'select day, stor, amount from raw.lines',
  });
  project.write('data/lines-1.csv', csv);
  let tries = 0;
  const database = breaking(store.database, (text) => {
    if (/create view/.test(text)) tries += 1;
    return false;
  });
  expect(outcomes(await project.results({ database, retries: fast }))).toEqual([
    'raw.lines built',
    'staging.lines failed',
    'kpi.daily blocked',
  ]);
  expect(tries).toBe(1);
});

test('of two runs at once one waits for the lease and finds the work done', async () => {
  await using store = await testDatabase();
  using project = testProject(store.database, smallProject);
  project.write('data/lines-1.csv', csv);
  const both = await Promise.all([project.results(), project.results()]);
  const words = both.flatMap(outcomes).filter((word) => word.startsWith('kpi.daily'));
  expect(words.sort()).toEqual(['kpi.daily built', 'kpi.daily current']);
  expect(await store.database.query(sql`select 1 from engine_local.model_leases`)).toEqual([]);
});

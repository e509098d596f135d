import { expect, test } from 'vitest';
import type { Fault } from '../fault.ts';
import { type CompactionRule, compactRecord } from '../record/compact.ts';
import { openRecorder } from '../record/recorder.ts';
import { type Database, type Session, sql } from '../warehouse/database.ts';
import { textOf } from '../warehouse/session.ts';
import { stateBeside, testDatabase } from '../warehouse/test-database.ts';
import { outcomes, smallProject, testProject } from './test-project.ts';
import { readRecord, statesOf } from './warehouse-record.ts';
import { openWorkspace } from './workspace.ts';

const atOnce: CompactionRule = { atLeast: 1, days: 0 };

/** The small project, in which every night has other lines for the last days. */
async function nights(database: Database, count: number) {
  const project = testProject(database, smallProject);
  for (let night = 1; night <= count; night += 1) {
    const lines = [1, 2, 3].map((day) => `2021-09-0${day},A,${day === 1 ? 1 : night}`);
    project.write('data/lines-1.csv', `day,store,amount\n${lines.join('\n')}\n`);
    await project.results();
  }
  const read = async () => {
    const workspace = openWorkspace(project.root, {});
    const recorded = await readRecord(database, openRecorder('test'), workspace.nodes);
    const states = statesOf(workspace.nodes, recorded, workspace.config.calendar);
    return { workspace, recorded, names: workspace.nodes.map(({ name }) => name), states };
  };
  const rows = async () => {
    const [row] = await stateBeside(database).query<{ n: number }>(
      sql`select ((select count(*) from tiffin_test.builds) + (select count(*) from tiffin_test.loads))::int as n`,
    );
    return row?.n ?? 0;
  };
  return {
    project,
    read,
    rows,
    async compact(by = database, rule = atOnce) {
      const { names, recorded } = await read();
      return compactRecord(by, 'test', names, recorded, rule);
    },
  };
}

test('what was built over is deleted; the plan and all states stay as they were', async () => {
  await using store = await testDatabase();
  const { project, read, rows, compact } = await nights(store.database, 6);
  using _ = project;
  const before = await read();
  const many = await rows();
  expect(await compact(store.database, { atLeast: 1, days: 7 })).toBe(0);
  expect(await compact(store.database, { atLeast: 1_000, days: 0 })).toBe(0);
  expect(await rows()).toBe(many);

  const deleted = await compact();
  expect(deleted).toBeGreaterThan(many / 2);
  expect(await rows()).toBe(many - deleted);
  expect((await read()).states).toEqual(before.states);
  expect(await project.plan()).toMatchObject({ steps: [], waiting: [] });
  for (const { name } of before.workspace.nodes)
    expect((await read()).recorded.sequence(name)).toBe(before.recorded.sequence(name));
  expect(await compact()).toBe(0);
});

test('with a build goes what it passed', async () => {
  await using store = await testDatabase();
  const { project, compact } = await nights(store.database, 3);
  using _ = project;
  await store.direct.query(
    sql`insert into tiffin_test.audit_passes (model, build_id, audits, run_id, passed_at)
        select distinct model, build_id, '[]', 'run', now() from tiffin_test.builds`,
  );
  const passed = () =>
    store.direct.query(
      sql`select distinct p.build_id in (select build_id from tiffin_test.builds) as stands, count(*)::int as n
          from tiffin_test.audit_passes p group by 1`,
    );
  const builds = await store.direct.query(sql`select distinct build_id from tiffin_test.builds`);
  await compact();
  const left = await store.direct.query(sql`select distinct build_id from tiffin_test.builds`);
  expect(left.length).toBeLessThan(builds.length);
  expect(await passed()).toEqual([{ stands: true, n: left.length }]);
});

test('a compaction that is cut short has done nothing', async () => {
  await using store = await testDatabase();
  const { project, rows, compact } = await nights(store.database, 3);
  using _ = project;
  const many = await rows();
  const { database } = store;
  const cutShort = (at: RegExp): Database => ({
    ...database,
    transaction: (work, how) =>
      database.transaction(async (tx) => {
        const session: Session = {
          ...tx,
          async query<R>(statement: Parameters<Session['query']>[0]) {
            const answer = await tx.query<R>(statement);
            // Its server process is gone: the transaction with it.
            if (at.test(textOf(statement))) await database.query(sql`select pg_terminate_backend(${await pidOf(tx)})`);
            return answer;
          },
        };
        return work(session);
      }, how),
  });
  for (const table of [/builds/, /loads/]) {
    await expect(compact(cutShort(table))).rejects.toMatchObject({ code: 'unreachable' } satisfies Partial<Fault>);
    expect(await rows()).toBe(many);
  }
  expect(await compact()).toBeGreaterThan(0);
  expect(await project.plan()).toMatchObject({ steps: [] });
});

test('runs and other compactions beside it do not notice', async () => {
  await using store = await testDatabase();
  const { project, compact } = await nights(store.database, 4);
  using _ = project;
  for (let night = 5; night < 8; night += 1) {
    project.write('data/lines-1.csv', `day,store,amount\n2021-09-01,A,${night}\n2021-09-03,A,2\n`);
    const [result] = await Promise.all([project.results(), compact(), compact()]);
    expect(outcomes(result)).toEqual(['raw.lines built', 'kpi.daily built']);
    expect(await project.query(`select amount from kpi.daily where day = '2021-09-01'`)).toEqual([
      { amount: `${night}.00` },
    ]);
    expect((await project.plan()).steps).toEqual([]);
  }
});

async function pidOf(tx: Session): Promise<number> {
  const [row] = await tx.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  return row?.pid ?? 0;
}

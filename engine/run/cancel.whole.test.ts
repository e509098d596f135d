import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sql } from '../warehouse/database.ts';
import { type TestDatabase, testDatabase } from '../warehouse/test-database.ts';
import { smallProject, testProject } from './test-project.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** A model that takes a minute, on a server of its own choosing. */
function slowProject(store: TestDatabase) {
  const project = testProject(store.database, {
    ...smallProject,
    'project.yml':
      'name: test\ntimezone: Asia/Kolkata\ntarget: it\nstate: env:URL\ntargets: { it: { type: postgres, url: env:URL } }\n',
    'models/kpi/slow.sql':
      '/*---\nmaterialized: table\n---*/\nselect day, pg_sleep(60)::text as slept from staging.lines',
    'data/lines-1.csv': 'day,store,amount\n2021-09-01,A,1\n',
  });
  const start = () => {
    const child = spawn(process.execPath, [main, 'run'], {
      cwd: project.root,
      env: { PATH: process.env['PATH'], URL: store.url },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = Promise.all([
      new Promise<number | null>((resolve) => child.on('close', resolve)),
      text(child.stdout),
      text(child.stderr),
    ]);
    return { child, ended };
  };
  return { project, start };
}

const ours = (store: TestDatabase) =>
  store.database.query<{ pid: number; query: string }>(
    sql`select pid, query from pg_stat_activity where application_name like 'tiffin test %' and datname = current_database()
          and state <> 'idle' and query like '%pg_sleep%' and pid <> pg_backend_pid()`,
  );

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels what runs and leaves nothing half-done', async (signal) => {
  await using store = await testDatabase();
  const { project, start } = slowProject(store);
  using _ = project;
  const run = start();
  await until(async () => (await ours(store)).length > 0);
  run.child.kill(signal);
  const [code, , errors] = await run.ended;
  expect({ code, errors }).toEqual({ code: 130, errors: 'interrupted: nothing half-done stays\n' });
  expect(await ours(store)).toEqual([]);
  expect(await project.query(`select 1 from pg_class where relname like 'stage_%' or relname = 'slow'`)).toEqual([]);
  expect(await project.query('select state from engine_it.runs')).toEqual([{ state: 'cancelled' }]);
  expect(await project.query('select 1 from engine_it.model_leases')).toEqual([]);
});

test('what a killed run left running is ended by the next, which builds all', async () => {
  await using store = await testDatabase();
  const { project, start } = slowProject(store);
  using _ = project;
  const run = start();
  await until(async () => (await ours(store)).length > 0);
  const [left] = await ours(store);
  run.child.kill('SIGKILL');
  await run.ended;
  project.write(
    'models/kpi/slow.sql',
    '/*---\nmaterialized: table\n---*/\nselect day, pg_sleep(0)::text as slept from staging.lines',
  );
  const next = start();
  const [code, out, errors] = await next.ended;
  expect(code, out + errors).toBe(0);
  expect((await ours(store)).map(({ pid }) => pid)).not.toContain(left?.pid);
  expect(await project.query('select state from engine_it.runs order by started_at')).toEqual([
    { state: 'killed' },
    { state: 'done' },
  ]);
  expect(await project.query('select count(*)::int as rows from kpi.slow')).toEqual([{ rows: 1 }]);
});

test('a statement that takes longer than the target allows fails, and is not tried again', async () => {
  await using store = await testDatabase();
  const { project, start } = slowProject(store);
  using _ = project;
  project.write(
    'project.yml',
    'name: test\ntimezone: Asia/Kolkata\ntarget: it\nstate: env:URL\ntargets: { it: { type: postgres, url: env:URL, statement_timeout: 2s } }\n',
  );
  const [code, out] = await start().ended;
  expect(code).toBe(1);
  expect(out).toMatch(/kpi\.slow: .*statement timeout/);
});

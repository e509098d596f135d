import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../engine/warehouse/database.ts';
import { openTarget } from '../engine/warehouse/open.ts';
import { generateSales } from './generate.ts';
import { type SampleProject, sampleProject } from './sample-project.ts';

/** What scripts rely on: shapes, streams and exit codes of the engine's commands. */
describe('the engine on a command line', () => {
  let project: SampleProject;
  beforeAll(async () => {
    project = sampleProject();
    await generateSales(project.sales, { stores: 12, until: '2021-11-01' });
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test('ls gives names, paths, or nodes as JSON', async () => {
    const { code, out } = await project.engine('ls', '--select', '+kpi.store_daily', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out).at(-1)).toEqual({
      name: 'kpi.store_daily',
      kind: 'model',
      path: 'models/kpi/store_daily.sql',
      materialized: 'incremental',
      tags: ['kpi', 'daily'],
      depends_on: ['staging.sales_lines', 'staging.calendar'],
    });
    expect((await project.engine('ls', '-s', 'tag:daily', '--output', 'path')).out.split('\n')).toContain(
      'models/kpi/brand_daily.sql',
    );
  });

  test('wrong usage is exit 2 with the nearest right word, on standard error', async () => {
    for (const [words, said] of [
      [['rnu'], /no command "rnu"\n {2}Did you mean "run"/],
      [['run', '--selct', 'x'], /no option "--selct"\n {2}Did you mean "--select"/],
      [['ls', '--select', 'kpi.store_dayly'], /Did you mean "kpi.store_daily"/],
      [['run', '--target', 'locla'], /no target "locla"\n {2}Did you mean "local"/],
      [['run', '--day', '2021-02-30'], /not a date/],
      [['run', '--rebuild'], /--rebuild needs/],
      [['show', 'kpi.store_dayly'], /Did you mean "kpi.store_daily"/],
      [['show', '--sql', 'delete from kpi.store_daily'], /not a query|only reads/],
      [['runs', 'nothing'], /no run nothing/],
    ] as const) {
      const { code, out, errors } = await project.engine(...words);
      expect({ code, out }, words.join(' ')).toEqual({ code: 2, out: '' });
      expect(errors).toMatch(said);
    }
  });

  test('a model that waits for its input is exit 3 and named', async () => {
    const { code, out, errors } = await project.engine('plan', '--select', 'kpi.store_daily');
    expect(code).toBe(3);
    expect(out).toMatch(/^Nothing can be built yet on target local/);
    expect(errors).toMatch(/waits {2}kpi\.store_daily .*no data yet/);
  });

  test('plan, dry run and run tell the same steps; show and runs see what was built', async () => {
    const planned = JSON.parse((await project.engine('plan', '--json')).out).steps;
    const dry = JSON.parse((await project.engine('run', '--dry-run', '--json')).out).steps;
    expect(dry).toEqual(planned);
    const ran = JSON.parse((await project.engine('run', '--json')).out);
    const told = ({ kind, model, from, until, reason }: Record<string, unknown>) => ({
      kind,
      model,
      from,
      until,
      reason,
    });
    expect(ran.steps.map(told)).toEqual(planned.map(told));
    expect(ran).toMatchObject({ ok: true });

    const query = 'select sale_date, sum(amount) as amount from kpi.store_daily group by 1 order by 1 limit 1';
    expect(JSON.parse((await project.engine('show', '--sql', query, '--json')).out)).toMatchObject([
      { sale_date: '2021-09-01', amount: expect.stringMatching(/^\d+\.\d\d$/) },
    ]);
    expect((await project.engine('show', 'staging.stores', '--output', 'csv', '--limit', '2')).out).toMatch(
      /^store_id,store_name,/,
    );
    const [run] = JSON.parse((await project.engine('runs', '--json')).out);
    expect(run).toMatchObject({ id: ran.run_id, state: 'done', steps: planned.length, failed: 0 });
    expect(JSON.parse((await project.engine('runs', ran.run_id, '--json')).out)).toHaveLength(planned.length);
  });

  test('a failing audit is exit 1, shows the rows, keeps the old ones and blocks what reads it', async () => {
    const path = join(project.root, 'models/kpi/big.sql');
    const header = (audit: string) =>
      `/*---\nmaterialized: table\naudits:\n  - expression: { sql: "${audit}" }\n---*/\n`;
    writeFileSync(
      path,
      `${header('amount >= 0')}select store_id, sum(amount) as amount from kpi.store_daily group by 1`,
    );
    writeFileSync(join(project.root, 'models/kpi/bigger.sql'), 'select max(amount) as amount from kpi.big');
    expect((await project.engine('run')).code).toBe(0);
    writeFileSync(
      path,
      `${header('amount < 0')}select store_id, -1 * sum(amount) as amount from kpi.store_daily group by 1 union all select 'x', 5`,
    );
    const { code, out } = await project.engine('run');
    expect(code).toBe(1);
    expect(out).toMatch(
      /expression: amount < 0: broken by 1 row\n[\s\S]*store_id {2}amount[\s\S]*x .*5[\s\S]*What was published before stays/,
    );
    const shown = JSON.parse(
      (await project.engine('show', '--sql', 'select min(amount) >= 0 as old from kpi.big', '--json')).out,
    );
    expect(shown).toEqual([{ old: true }]);
    rmSync(path);
    rmSync(join(project.root, 'models/kpi/bigger.sql'));
  });

  test('a table that somebody dropped, or swapped for another, is noticed and built again', async () => {
    await using database = await openTarget({ type: 'embedded' }, { root: project.root });
    const rows = async () => (await database.query(sql`select count(*) as n from kpi.store_daily`))[0]?.['n'];
    const before = await rows();
    await database.query(sql`drop table kpi.store_daily`);
    expect((await project.engine('run')).code).toBe(0);
    expect(await rows()).toBe(before);

    await database.query(sql`create table kpi.other (like kpi.store_daily)`);
    await database.query(sql`drop table kpi.store_daily`);
    await database.query(sql`alter table kpi.other rename to store_daily`);
    const { steps } = JSON.parse((await project.engine('run', '--json')).out);
    expect(steps).toMatchObject([{ model: 'kpi.store_daily', reason: 'missing', outcome: 'built' }]);
    expect(await rows()).toBe(before);
    expect(JSON.parse((await project.engine('plan', '--json')).out).steps).toEqual([]);
  });

  test('Ctrl-C ends the running statement, keeps nothing half-done, and is exit 130', async () => {
    const path = join(project.root, 'models/kpi/slow.sql');
    writeFileSync(
      path,
      '/*---\nmaterialized: table\n---*/\nselect count(*) as n from generate_series(1, 1000) a, pg_sleep(0.1 + a * 0)',
    );
    const run = project.start('run', '--select', 'kpi.slow');
    await using database = await openTarget({ type: 'embedded' }, { root: project.root });
    const running = () =>
      database.query(
        sql`select 1 from pg_stat_activity where state = 'active' and query like '%generate_series(1, 1000)%' and pid <> pg_backend_pid()`,
      );
    await expect.poll(running, { timeout: 20_000 }).toHaveLength(1);
    process.kill(run.pid, 'SIGINT');
    const { code, errors } = await run.ended;
    expect({ code, errors }).toMatchObject({ code: 130, errors: expect.stringMatching(/interrupted/) });
    expect(await running()).toEqual([]);
    expect(await database.query(sql`select 1 from pg_class where relname = 'slow'`)).toEqual([]);
    rmSync(path);
    const [last] = JSON.parse((await project.engine('runs', '--json')).out);
    expect(last).toMatchObject({ state: 'cancelled' });
  });
});

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { generateSales } from '../demo/generate.ts';
import { sampleProject } from '../demo/sample-project.ts';
import { sql } from '../engine/warehouse/database.ts';
import { openTarget } from '../engine/warehouse/open.ts';

/** A Python of a test's own with packages of its registry; undefined where either cannot be had. */
function pythonWith(...packages: string[]): string | undefined {
  const folder = join(tmpdir(), `tiffin-python-${packages.join('-').replace(/[^a-z0-9.-]/g, '')}`);
  const ready = join(folder, 'ready');
  try {
    if (!existsSync(ready)) {
      rmSync(folder, { recursive: true, force: true });
      execFileSync('python3', ['-m', 'venv', folder], { stdio: 'ignore' });
      execFileSync(join(folder, 'bin/pip'), ['install', '--quiet', ...packages], { stdio: 'ignore', timeout: 900_000 });
      writeFileSync(ready, '');
    }
    return join(folder, 'bin');
  } catch {
    rmSync(folder, { recursive: true, force: true });
    console.log(`skipped: Python or its registry cannot be reached (${packages.join(' ')})`);
    return undefined;
  }
}

const nasty = `schedule: { cron: "*/30 8-18 * * MON-FRI", timezone: Europe/Berlin }
select: kpi.store_daily
description: "quotes \\" ' \\"\\"\\", {{ braces }}, \\\\ and नमस्ते"
paused: true
catch_up: 5
start: 2021-09-01
`;

test("ruff's rules for Airflow 3 find nothing in what is exported", async (context) => {
  const python = pythonWith('ruff');
  if (!python) return context.skip();
  await using project = sampleProject();
  writeFileSync(join(project.root, 'dags/nasty.yml'), nasty);
  for (const tasks of ['model', 'dag']) {
    const out = join(project.root, 'airflow', tasks);
    const exported = await project.engine('export', 'airflow', '--out', out, '--tasks', tasks);
    expect(exported, exported.errors).toMatchObject({ code: 0 });
    const words = ['check', '--isolated', '--no-cache', '--preview', '--select', 'AIR,F,E9', out];
    expect(execFileSync(join(python, 'ruff'), words, { encoding: 'utf8' })).toContain('All checks passed!');
  }
});

test.skipIf(!process.env['TIFFIN_AIRFLOW'])(
  'Airflow 3 reads the files, and builds the day of a data interval',
  async (context) => {
    const python = pythonWith('apache-airflow==3.*');
    if (!python) return context.skip();
    await using project = sampleProject();
    await generateSales(project.sales, { stores: 12, until: '2021-10-01' });
    writeFileSync(join(project.root, 'dags/nasty.yml'), nasty);
    const dags = join(project.root, 'airflow');
    expect(await project.engine('export', 'airflow', '--out', dags)).toMatchObject({ code: 0 });
    const home = mkdtempSync(join(tmpdir(), 'tiffin-airflow-'));
    const engine = fileURLToPath(new URL('../engine/main.mjs', import.meta.url));
    const airflow = (...words: string[]) =>
      execFileSync(join(python, 'airflow'), words, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: `${python}:${process.env['PATH']}`,
          HOME: home,
          AIRFLOW_HOME: home,
          AIRFLOW__CORE__DAGS_FOLDER: dags,
          AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
          TIFFIN_PROJECT: project.root,
          TIFFIN_ENGINE: `${process.execPath} ${engine}`,
          SALES_DATA: project.sales,
        },
      });
    try {
      airflow('db', 'migrate');
      expect(airflow('dags', 'list-import-errors')).toMatch(/No data found/);
      airflow('dags', 'test', 'daily', '2021-09-15');
      await using database = await openTarget({ type: 'embedded' }, { root: project.root });
      // At 05:30 in Kolkata the newest whole interval is that from the 14th, 01:45, to the 15th, 01:45.
      const days = sql`select distinct sale_date::text as day from kpi.store_daily`;
      expect(await database.query(days)).toEqual([{ day: '2021-09-14' }]);
      // The file of the other dag builds one model more often than a day.
      airflow('dags', 'test', 'nasty', '2021-09-17T10:10:00+00:00');
      expect(await database.query(sql`${days} order by 1`)).toEqual([{ day: '2021-09-14' }, { day: '2021-09-17' }]);
      const scheduled = runTypeCheck(dags);
      expect(
        execFileSync(join(python, 'python'), ['-c', scheduled], {
          encoding: 'utf8',
          env: { PATH: process.env['PATH'], AIRFLOW_HOME: home },
        })
          .trim()
          .split('\n')
          .at(-1),
      ).toBe("'' 2021-09-15");
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
);

/** What the file of `daily` gives a scheduled run of that interval. */
function runTypeCheck(dags: string): string {
  return `
import importlib.util, types, pendulum
spec = importlib.util.spec_from_file_location("daily", ${JSON.stringify(join(dags, 'daily.py'))})
daily = importlib.util.module_from_spec(spec)
spec.loader.exec_module(daily)
start = pendulum.datetime(2021, 9, 14, 1, 45, tz="Asia/Kolkata")
run = types.SimpleNamespace(run_type="scheduled", data_interval_start=start, data_interval_end=start.add(days=1))
print(repr(daily.first_day(run)), daily.last_day(run))
`;
}

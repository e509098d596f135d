// The sample project's daily tables through the engine, beside the same statements straight through the client:
//   node bench/engine/kpi.ts [--rounds 5] [--stores 200]
// Building: create, insert. A week again: one transaction of delete and insert a table. One thread on both sides.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { generateSales } from '../../demo/generate.ts';
import { edgeLiteral } from '../../engine/compile/edge.ts';
import { silentLog } from '../../engine/log/log.ts';
import { openPlanned, runPlanned } from '../../engine/run/planned.ts';
import { errorOf } from '../../engine/run/run.ts';
import { openWorkspace, type Workspace } from '../../engine/run/workspace.ts';
import { batchesOf } from '../../engine/time/grain.ts';
import type { Range } from '../../engine/time/range.ts';
import { parseDay, startOfDay } from '../../engine/time/zone.ts';
import { ensureCluster, stopCluster } from '../../engine/warehouse/embedded.ts';
import { clusterFolder, openState } from '../../engine/warehouse/open.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, stores: { type: 'string', default: '200' } },
});
const rounds = Number(values.rounds);
const house = fileURLToPath(new URL('../..', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'tiffin-bench-'));
const environment = { SALES_DATA: join(root, 'sales') };
const tables = ['kpi.store_daily', 'kpi.category_daily', 'kpi.brand_daily', 'kpi.product_daily'];
const say = (line: string) => process.stdout.write(`${line}\n`);
const week = { from: '2022-01-10', until: '2022-01-17' };

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
};
const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const copyOf = (table: string) => table.replace('kpi.', 'bench.');

/**
 * The whole of `engine run` but the start of its process: read the project, open the databases, plan, build, audit, record.
 * Returns the seconds of the steps alone.
 */
async function engine(names: readonly string[] | undefined, again?: typeof week): Promise<number> {
  const { signal } = new AbortController();
  const workspace = openWorkspace(root, environment);
  const selected = new Set(names ?? workspace.graph.nodes.map((node) => node.name));
  const request = { selected, asked: again ?? {}, rebuild: again !== undefined };
  const opening = openState(root, undefined, { signal });
  await using planned = await openPlanned(workspace, request, opening, signal);
  await using _ = planned.state;
  const tools = { threads: 1, signal, log: silentLog, watcher: { began() {}, ended() {} } };
  const { ok, results } = await runPlanned(planned, 'bench', tools);
  if (!ok) throw new Error(results.map(errorOf).find((error) => error !== null) ?? 'the run failed');
  return results.reduce((sum, { ms }) => sum + ms, 0) / 1000;
}

/** The same statements, batch by batch, as somebody who trusts to luck would send them. */
async function raw(client: pg.Client, workspace: Workspace, range: Range, replace: boolean): Promise<void> {
  const { calendar } = workspace.config;
  const coverageFrom = startOfDay(calendar.timezone, parseDay('2021-09-01') as number);
  for (const table of tables) {
    const compiled = workspace.models.get(table);
    const windowing = compiled?.model.windowing;
    if (!compiled || !windowing) throw new Error(`${table} is no incremental model`);
    for (const batch of batchesOf(windowing.grain, range, windowing.batch, calendar)) {
      const edge = (at: number) => edgeLiteral(at, compiled.model, calendar);
      const { timeColumn } = windowing;
      await client.query('begin');
      if (replace) {
        const where = `${timeColumn} >= ${edge(batch.from)} and ${timeColumn} < ${edge(batch.until)}`;
        await client.query(`delete from ${copyOf(table)} where ${where}`);
      }
      await client.query(`insert into ${copyOf(table)} ${compiled.render({ range: batch, coverageFrom })}`);
      await client.query('commit');
    }
  }
}

try {
  mkdirSync(environment.SALES_DATA);
  for (const part of ['models', 'dags', 'reports', 'project.yml'])
    cpSync(join(house, part), join(root, part), { recursive: true });
  const { lines } = await generateSales(environment.SALES_DATA, { stores: Number(values.stores) });
  const cluster = await ensureCluster(clusterFolder(root));
  say(`Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}, ${lines} lines of ${values.stores} stores`);
  say(`first run, files and all: ${(await seconds(() => engine(undefined))).toFixed(1)} s`);

  const client = new pg.Client({ connectionString: cluster.url('warehouse') });
  client.on('error', () => {}); // The query reports it.
  await client.connect();
  const workspace = openWorkspace(root, environment);
  const day = (text: string) => startOfDay(workspace.config.calendar.timezone, parseDay(text) as number);
  const all = { from: day('2021-09-01'), until: day('2022-03-01') };
  await client.query('create schema bench');
  const build = { engine: [] as number[], steps: [] as number[], raw: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    for (const table of tables) {
      await client.query(`drop table if exists ${copyOf(table)}`);
      await client.query(`create table ${copyOf(table)} (like ${table} including indexes)`);
      await client.query(`drop table ${table}`);
    }
    build.raw.push(await seconds(() => raw(client, workspace, all, false)));
    build.engine.push(await seconds(async () => build.steps.push(await engine(tables))));
  }
  await client.query('vacuum analyze');
  const again = { engine: [] as number[], steps: [] as number[], raw: [] as number[] };
  for (let round = 0; round < 2 * rounds; round += 1) {
    again.raw.push(await seconds(() => raw(client, workspace, { from: day(week.from), until: day(week.until) }, true)));
    again.engine.push(await seconds(async () => again.steps.push(await engine(tables, week))));
  }
  await client.end();
  for (const [what, taken] of Object.entries({ 'all windows': build, 'a week again': again })) {
    const [whole, steps, straight] = [median(taken.engine), median(taken.steps), median(taken.raw)];
    const ratio = (one: number) => `${one.toFixed(2)} s (x ${(one / straight).toFixed(2)})`;
    say(`${what}: straight ${straight.toFixed(2)} s, the engine's steps ${ratio(steps)}, all of it ${ratio(whole)}`);
  }
} finally {
  await stopCluster(clusterFolder(root));
  rmSync(root, { recursive: true, force: true });
}

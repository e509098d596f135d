import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
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
import { clusterFolder, openState } from '../../engine/warehouse/open.ts';
import { withCluster } from './folder.ts';
import { cpuOfTree, house } from './measure.ts';
import { median, printTable, ratio, seconds } from './table.ts';

const tables = ['kpi.store_daily', 'kpi.category_daily', 'kpi.brand_daily', 'kpi.product_daily'];
const week = { from: '2022-01-10', until: '2022-01-17' };
const copyOf = (table: string) => table.replace('kpi.', 'bench.');
const shapeOf = (table: string) => table.replace('kpi.', 'bench.shape_');

/** Wall time and CPU time, of this process and of the server, in seconds. */
interface Taken {
  readonly wall: number;
  readonly cpu: number;
}

export interface KpiOptions {
  /** How often each way is measured. */
  readonly rounds: number;
  /** Of the made-up data. */
  readonly stores: number;
}

/** One way to build the tables: all of it, or only a part. */
interface Way {
  readonly name: string;
  /** What has to stand before, not counted. */
  before?(): Promise<unknown>;
  work(): Promise<unknown>;
}

/**
 * The sample project's daily tables through the engine, beside the same statements straight through the client; one thread
 * on both sides. By hand, too, is measured what it costs to
 * compute aside, to look, and to copy, whoever does it.
 */
export async function measureKpi(root: string, { rounds, stores }: KpiOptions): Promise<void> {
  const environment = { SALES_DATA: join(root, 'sales') };
  mkdirSync(environment.SALES_DATA);
  for (const part of ['models', 'dags', 'project.yml'])
    cpSync(join(house, part), join(root, part), { recursive: true });
  const { lines } = await generateSales(environment.SALES_DATA, { stores });
  await withCluster(clusterFolder(root), async (cluster) => {
    const timed = async (work: () => Promise<unknown>): Promise<Taken> => {
      const cpu = () => cpuOfTree(cluster.pid) + (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
      const [began, before] = [performance.now(), cpu()];
      await work();
      return { wall: (performance.now() - began) / 1000, cpu: cpu() - before };
    };
    const first = await timed(() => engine(root, environment, undefined));
    const client = new pg.Client({ connectionString: cluster.url('warehouse') });
    client.on('error', () => {}); // The query reports it.
    await client.connect();
    const workspace = openWorkspace(root, environment);
    const day = (text: string) => startOfDay(workspace.config.calendar.timezone, parseDay(text) as number);
    const all = { from: day('2021-09-01'), until: day('2022-03-01') };
    const again = { from: day(week.from), until: day(week.until) };
    await client.query('create schema bench');
    for (const table of tables) await client.query(`create table ${shapeOf(table)} (like ${table} including indexes)`);

    const emptyCopies = async (): Promise<void> => {
      for (const table of tables) {
        await client.query(`drop table if exists ${copyOf(table)}`);
        await client.query(`create table ${copyOf(table)} (like ${shapeOf(table)} including indexes)`);
      }
    };
    const dropTables = async (): Promise<void> => {
      for (const table of tables) await client.query(`drop table ${table}`);
    };
    const changeWeek = async (): Promise<void> => {
      const inWeek = `sale_date >= '${week.from}' and sale_date < '${week.until}'`;
      for (const table of tables) await client.query(`update ${table} set quantity = quantity + 1 where ${inWeek}`);
    };
    const straightly = (range: Range, parts: Parameters<typeof straight>[3]) =>
      straight(client, workspace, range, parts);
    const building: Way[] = [
      { name: 'insert', before: emptyCopies, work: () => straightly(all, ['insert']) },
      { name: 'aside, then copied', before: emptyCopies, work: () => straightly(all, ['aside', 'insert']) },
      {
        name: 'aside, looked at, copied',
        before: emptyCopies,
        work: () => straightly(all, ['aside', 'look', 'insert']),
      },
      { name: 'engine', before: dropTables, work: () => engine(root, environment, tables) },
    ];
    const replacing: Way[] = [
      { name: 'delete, insert', work: () => straightly(again, ['delete', 'insert']) },
      {
        name: 'aside, looked at, then delete, copied',
        work: () => straightly(again, ['aside', 'look', 'delete', 'insert']),
      },
      { name: 'engine, rows have changed', before: changeWeek, work: () => engine(root, environment, tables, week) },
      { name: 'engine, rows as they were', work: () => engine(root, environment, tables, week) },
    ];
    const built = await compare('all days', building, rounds, timed);
    await client.query('vacuum analyze');
    const replaced = await compare('a week again', replacing, 2 * rounds, timed);
    await client.end();
    printTable(
      `Daily tables of the sample project: ${lines.toLocaleString('en')} lines of ${stores} stores (first run, files and all: ${seconds(first.wall)} s)`,
      [
        { heading: 'work' },
        { heading: 'way' },
        { heading: 'wall s', figure: true },
        { heading: 'beside the first', figure: true },
        { heading: 'CPU s, server and client', figure: true },
        { heading: 'beside the first', figure: true },
      ],
      [...built, ...replaced],
    );
  });
}

/** Takes turns, so that what else the machine does hits all ways alike. Returns a row for each, of medians. */
async function compare(
  what: string,
  ways: readonly Way[],
  rounds: number,
  timed: (work: () => Promise<unknown>) => Promise<Taken>,
): Promise<string[][]> {
  const taken = ways.map((): Taken[] => []);
  // The first round only warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, way] of ways.entries()) {
      await way.before?.();
      const one = await timed(way.work);
      if (round > 0) taken[index]?.push(one);
    }
  }
  const of = (index: number, key: keyof Taken) => median((taken[index] ?? []).map((one) => one[key]));
  return ways.map(({ name }, index) => [
    what,
    name,
    seconds(of(index, 'wall')),
    ratio(of(index, 'wall'), of(0, 'wall')),
    seconds(of(index, 'cpu')),
    ratio(of(index, 'cpu'), of(0, 'cpu')),
  ]);
}

/** The whole of `engine run` but the start of its process: read the project, open the databases, plan, build, audit, record. */
async function engine(
  root: string,
  environment: Readonly<Record<string, string>>,
  names: readonly string[] | undefined,
  again?: typeof week,
): Promise<void> {
  const { signal } = new AbortController();
  const workspace = openWorkspace(root, environment);
  const selected = new Set(names ?? workspace.nodes.map((node) => node.name));
  const request = { selected, asked: again ?? {}, rebuild: again !== undefined };
  const opening = openState(root, undefined, { signal });
  await using planned = await openPlanned(workspace, request, opening, signal);
  await using _ = planned.state;
  const tools = { threads: 1, signal, log: silentLog, watcher: { began() {}, ended() {} } };
  const { ok, results } = await runPlanned(planned, 'bench', tools);
  if (!ok) throw new Error(results.map(errorOf).find((error) => error !== null) ?? 'the run failed');
}

/**
 * What somebody would send by hand, batch by batch. `aside`: computed into a table of its own first; `look`: asked there for
 * duplicates, for nulls, and for what tells its rows from others.
 */
async function straight(
  client: pg.Client,
  workspace: Workspace,
  range: Range,
  parts: readonly ('aside' | 'look' | 'delete' | 'insert')[],
): Promise<void> {
  const { calendar } = workspace.config;
  const coverageFrom = startOfDay(calendar.timezone, parseDay('2021-09-01') as number);
  for (const table of tables) {
    const compiled = workspace.models.get(table);
    const windowing = compiled?.model.windowing;
    if (!compiled || !windowing) throw new Error(`${table} is no incremental model`);
    for (const batch of batchesOf(windowing.grain, range, windowing.batch, calendar)) {
      const edge = (at: number) => edgeLiteral(at, compiled.model, calendar);
      const { timeColumn } = windowing;
      const query = compiled.render({ range: batch, coverageFrom });
      const aside = parts.includes('aside');
      if (aside) {
        await client.query(`create table bench.aside (like ${copyOf(table)})`);
        await client.query(`insert into bench.aside ${query}`);
      }
      if (parts.includes('look')) {
        const key = compiled.model.uniqueKey.join(', ');
        await client.query(`select 1 from bench.aside group by ${key} having count(*) > 1`);
        await client.query(
          `select ${timeColumn}, count(*), count(case when (${key}) is null then 1 end),
                  sum(hashint8extended(hash_record_extended(a, 0), 0)) from bench.aside a group by 1`,
        );
      }
      await client.query('begin');
      if (parts.includes('delete')) {
        const where = `${timeColumn} >= ${edge(batch.from)} and ${timeColumn} < ${edge(batch.until)}`;
        await client.query(`delete from ${copyOf(table)} where ${where}`);
      }
      await client.query(`insert into ${copyOf(table)} ${aside ? 'select * from bench.aside' : query}`);
      await client.query('commit');
      if (aside) await client.query('drop table bench.aside');
    }
  }
}

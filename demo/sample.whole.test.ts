import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Database, sql } from '../engine/warehouse/database.ts';
import { clusterStatus } from '../engine/warehouse/embedded.ts';
import { clusterFolder, openTarget } from '../engine/warehouse/open.ts';
import { dateOf, mondayOf } from './days.ts';
import { generateSales } from './generate.ts';
import { random } from './random.ts';
import { readSales, type Sales } from './sales.ts';
import { type Ended, type SampleProject, sampleProject } from './sample-project.ts';
import { dailyTables, dailyTruth, periodTables, periodTruth } from './truth.ts';

/** Every KPI table with its key, the column of its time, and the rows it must hold. */
const kpis = [
  ...keysOf(dailyTables).map((table) => ({
    table,
    key: dailyTables[table].key,
    time: 'sale_date',
    truth: (sales: Sales) => dailyTruth(sales, table),
  })),
  ...keysOf(periodTables).map((table) => ({
    table,
    key: periodTables[table].key,
    time: `${periodTables[table].period}_start`,
    truth: (sales: Sales) => periodTruth(sales, table),
  })),
];

function keysOf<K extends string>(tables: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(tables) as K[];
}

const openWarehouse = ({ root }: SampleProject) => openTarget({ type: 'embedded' }, { root });

function done(ended: Ended): Ended {
  expect(ended, ended.errors + ended.out).toMatchObject({ code: 0 });
  return ended;
}

/** Every row and column of every KPI table is what a computation without SQL gives. Returns the rows compared. */
async function expectTruth(database: Database, folder: string): Promise<number> {
  const sales = await readSales(folder);
  let compared = 0;
  for (const { table, key, time, truth: truthOf } of kpis) {
    const [schema = '', name = ''] = table.split('.');
    const truth = truthOf(sales);
    const order = sql`${sql.ident(key)} collate "C", ${sql.ident(time)}`;
    const rows = sql`select * from ${sql.ident(schema, name)} order by ${order}`;
    for await (const row of database.stream(rows)) {
      const { value } = truth.next();
      // A million rows: the matcher's own comparison would take minutes.
      if (JSON.stringify(row) !== JSON.stringify(value)) expect(row, table).toEqual(value);
      compared += 1;
    }
    expect(truth.next().done, `${table} has all rows`).toBe(true);
  }
  return compared;
}

const checksums = (database: Database) =>
  Promise.all(
    kpis.map(async ({ table }) => {
      const [schema = '', name = ''] = table.split('.');
      const [row] = await database.query<{ checksum: string }>(
        sql`select count(*) || ':' || sum(hashtextextended(t::text, 0)::numeric) as checksum from ${sql.ident(schema, name)} t`,
      );
      return row?.checksum;
    }),
  );

test('the generated set becomes the true tables; a second run has no steps; a rebuilt week changes nothing', async () => {
  await using project = sampleProject();
  await generateSales(project.sales);
  const first = JSON.parse(done(await project.engine('run', '--json')).out);
  expect(first).toMatchObject({ ok: true });
  expect(first.steps.map((step: { outcome: string }) => step.outcome)).not.toContain('failed');
  await using database = await openWarehouse(project);
  expect(await expectTruth(database, project.sales)).toBeGreaterThan(50_000);

  expect(JSON.parse(done(await project.engine('run', '--json')).out)).toEqual({ run_id: null, steps: [], ok: true });

  const before = await checksums(database);
  const week = ['--from', '2022-01-10', '--until', '2022-01-17'];
  const again = JSON.parse(done(await project.engine('run', '--rebuild', ...week, '--json')).out);
  // The range is widened to whole windows: the month of January for the monthly tables.
  expect(again.steps).toMatchObject(
    kpis
      .map(({ table, time }) =>
        time === 'month_start'
          ? { kind: 'window', model: table, from: '2022-01-01', until: '2022-02-01' }
          : { kind: 'window', model: table, from: '2022-01-10', until: '2022-01-17' },
      )
      .sort((a, b) => (a.model < b.model ? -1 : 1)),
  );
  expect(await checksums(database)).toEqual(before);
  expect(JSON.parse(done(await project.engine('plan', '--json')).out).steps).toEqual([]);
});

test('killed at any moment, engine or server, the next run leaves the truth', async () => {
  await using project = sampleProject();
  const sets = [join(project.root, 'set-1'), join(project.root, 'set-2')];
  for (const [index, folder] of sets.entries()) await generateSales(folder, { seed: index + 1, until: '2021-12-01' });
  const months = ['2021-09', '2021-10', '2021-11'];
  const chance = random(7, 'kills');
  const swap = (round: number) => {
    const set = sets[round % 2] as string;
    for (const month of months)
      copyFileSync(join(set, `sales-${month}.csv.gz`), join(project.sales, `sales-${month}.csv.gz`));
    for (const list of ['stores.csv', 'products.csv']) copyFileSync(join(set, list), join(project.sales, list));
  };
  done(await project.engine('warehouse', 'start'));
  let killed = 0;
  for (let round = 0; round < 20; round += 1) {
    swap(round);
    const run = project.start('run');
    let over = false;
    const ended = run.ended.finally(() => {
      over = true;
    });
    const delay = 150 + Math.floor(chance.next() * 2_000);
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, delay))]);
    if (round % 2 === 0) {
      if (!over) process.kill(run.pid, 'SIGKILL');
    } else {
      const status = await clusterStatus(clusterFolder(project.root));
      if ('pid' in status) process.kill(status.pid, 'SIGKILL');
    }
    const { code } = await ended;
    if (code !== 0) killed += 1;
    if (round % 4 === 3) {
      done(await project.engine('run'));
      await using database = await openWarehouse(project);
      await expectTruth(database, project.sales);
      expect(JSON.parse(done(await project.engine('plan', '--json')).out).steps).toEqual([]);
    }
  }
  expect(killed).toBeGreaterThan(5);
});

const real = fileURLToPath(new URL('../../shared/data/iowa-liquor', import.meta.url));

interface Expected {
  readonly weeks: readonly { readonly period: string; readonly total: string }[];
  readonly months: readonly { readonly period: string; readonly total: string }[];
  readonly per_day: readonly { readonly date: string; readonly quantity: string; readonly total: string }[];
  readonly top10_stores: { readonly list: readonly { readonly id: string; readonly total: string }[] };
  readonly top10_brands: { readonly list: readonly { readonly id: string; readonly total: string }[] };
  readonly category_totals: {
    readonly date: string;
    readonly list: readonly { readonly category: string; readonly quantity: string; readonly total: string }[];
  };
  readonly rolling7: readonly {
    readonly [Name in 'store' | 'date' | 'sum' | 'avg' | 'previous_sum' | 'change_pct']: string;
  }[];
}

describe.skipIf(!existsSync(real))('the real set', () => {
  test('its tables are the truth, and the figures that others worked out', async () => {
    await using project = sampleProject({ sales: real });
    done(await project.engine('run'));
    await using database = await openWarehouse(project);
    expect(await expectTruth(database, real)).toBe(1_312_756);

    const expected: Expected = JSON.parse(readFileSync(join(real, 'expected', 'expected-a.json'), 'utf8'));
    for (const { date, quantity, total } of expected.per_day) {
      const [row] = await database.query(
        sql`select sum(quantity)::text as quantity, trim_scale(sum(amount)) as total from kpi.store_daily where sale_date = ${date}`,
      );
      expect(row, date).toEqual({ quantity, total });
    }
    for (const [table, key, list] of [
      ['store_daily', 'store_id', expected.top10_stores.list],
      ['brand_daily', 'brand', expected.top10_brands.list],
    ] as const) {
      const column = sql.ident(key);
      const top = await database.query(
        sql`select ${column} as id, trim_scale(sum(amount)) as total from ${sql.ident('kpi', table)}
            group by 1 order by sum(amount) desc, 1 limit 10`,
      );
      expect(top).toEqual(list.map(({ id, total }) => ({ id, total })));
    }
    for (const [table, time, periods] of [
      [
        'store_weekly',
        'week_start',
        expected.weeks.map(({ period, total }) => ({ day: dateOf(mondayOf(period)), total })),
      ],
      ['store_monthly', 'month_start', expected.months.map(({ period, total }) => ({ day: `${period}-01`, total }))],
    ] as const) {
      const found = await database.query<{ day: string; total: string }>(
        sql`select ${sql.ident(time)} as day, trim_scale(sum(amount)) as total from ${sql.ident('kpi', table)} group by 1`,
      );
      for (const period of periods) expect(found).toContainEqual(period);
    }
    const { date, list } = expected.category_totals;
    const categories = await database.query(
      sql`select category, quantity, trim_scale(amount) as total from kpi.category_daily
          where sale_date = ${date} and (quantity <> 0 or amount <> 0) order by category collate "C"`,
    );
    expect(categories).toEqual(list.map(({ category, quantity, total }) => ({ category, quantity, total })));
    for (const seven of expected.rolling7) {
      const [row] = await database.query(
        sql`select trim_scale(sum_7d) as sum, trim_scale(avg_7d) as avg, trim_scale(previous_sum_7d) as previous_sum,
                   trim_scale(growth_7d_pct) as change_pct
            from kpi.store_daily where store_id = ${seven.store} and sale_date = ${seven.date}`,
      );
      const { sum, avg, previous_sum, change_pct } = seven;
      expect(row).toEqual({ sum, avg, previous_sum, change_pct });
    }
  });
});

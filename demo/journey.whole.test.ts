import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sql } from '../engine/warehouse/database.ts';
import { openTarget } from '../engine/warehouse/open.ts';
import { dateOf, mondayOf } from './days.ts';
import { sampleProject } from './sample-project.ts';

const real = fileURLToPath(new URL('../../shared/data/complete-journey', import.meta.url));

/** Figures that others worked out with exact decimals; they cut trailing zeros. */
interface Expected {
  readonly overall: { readonly rows: number; readonly total: string };
  readonly per_day: readonly { readonly date: string; readonly quantity: string; readonly total: string }[];
  readonly weeks: readonly { readonly period: string; readonly total: string }[];
  readonly months: readonly { readonly period: string; readonly total: string }[];
  readonly top10_stores: { readonly list: readonly { readonly id: string; readonly total: string }[] };
  readonly top10_brands: { readonly list: readonly { readonly id: string; readonly total: string }[] };
  readonly category_totals: {
    readonly date: string;
    readonly list: readonly { readonly category: string; readonly quantity: string; readonly total: string }[];
  };
  readonly rolling7: readonly Rolling[];
}

interface Rolling {
  readonly store: string;
  readonly date: string;
  readonly sum: string;
  readonly avg: string;
  readonly previous_sum: string;
  readonly change_pct: string | null;
}

/** Other sources under the same tables: till lines with the clock of New York, one file a year, products apart. */
const sources = `sources:
  - name: raw.lines
    files: { path: "{{ vars.sales_data }}/transactions.csv.gz" }
    time_column: sold_at
    columns:
      sold_at: { type: timestamp, from: transaction_timestamp }
      store_id: { type: text }
      item_id: { type: text, from: product_id }
      quantity: { type: integer }
      amount: { type: "numeric(18,2)", from: sales_value }
  - name: raw.products
    files: { path: "{{ vars.sales_data }}/products.csv.gz" }
    columns: { item_id: { type: text, from: product_id }, category: { type: text, from: department }, brand: { type: text } }
`;
const staging = {
  sales_lines: `/*---
time_column: sale_date
---*/
select cast(sold_at as date) as sale_date, store_id, item_id, quantity, amount from "raw".lines`,
  products: `select item_id, coalesce(category, '(unknown)') as category, coalesce(brand, '(unknown)') as brand from "raw".products`,
};

test.skipIf(!existsSync(real))(
  'the KPI models, unchanged, on other sources give the figures that others worked out',
  async () => {
    await using project = sampleProject({ sales: real });
    const edit = (path: string, change: (text: string) => string) => {
      const file = join(project.root, path);
      writeFileSync(file, change(readFileSync(file, 'utf8')));
    };
    edit('project.yml', (text) => text.replace('Asia/Kolkata', 'America/New_York'));
    edit('models/sources.yml', () => sources);
    // The other shop lends no money.
    rmSync(join(project.root, 'models/lending'), { recursive: true });
    for (const [name, query] of Object.entries(staging)) edit(`models/staging/${name}.sql`, () => query);
    edit('models/staging/stores.sql', () => 'select distinct store_id from "raw".lines');
    const tables = ['store_daily', 'category_daily', 'brand_daily', 'store_weekly', 'store_monthly'];
    for (const table of tables)
      edit(`models/kpi/${table}.sql`, (text) => text.replace('start: 2021-09-01', 'start: 2017-01-01'));

    const run = await project.engine('run', '--select', tables.map((table) => `+kpi.${table}`).join(' '));
    expect(run, run.errors + run.out).toMatchObject({ code: 0 });
    const expected: Expected = JSON.parse(readFileSync(join(real, 'expected', 'expected-a.json'), 'utf8'));
    await using database = await openTarget({ type: 'embedded' }, { root: project.root });

    const [overall] = await database.query(sql`select count(*)::int as rows, sum(amount) as total from "raw".lines`);
    expect(overall).toEqual({ rows: expected.overall.rows, total: expected.overall.total });
    const perDay = await database.query(
      sql`select sale_date as date, sum(quantity)::text as quantity, trim_scale(sum(amount)) as total from kpi.store_daily group by 1`,
    );
    for (const { date, quantity, total } of expected.per_day) expect(perDay).toContainEqual({ date, quantity, total });
    for (const [table, time, periods] of [
      [
        'store_weekly',
        'week_start',
        expected.weeks.map(({ period, total }) => ({ day: dateOf(mondayOf(period)), total })),
      ],
      ['store_monthly', 'month_start', expected.months.map(({ period, total }) => ({ day: `${period}-01`, total }))],
    ] as const) {
      const found = await database.query(
        sql`select ${sql.ident(time)} as day, trim_scale(sum(amount)) as total from ${sql.ident('kpi', table)} group by 1`,
      );
      for (const period of periods) expect(found).toContainEqual(period);
      expect(periods.length).toBeGreaterThan(5);
    }
    for (const [table, key, list] of [
      ['store_daily', 'store_id', expected.top10_stores.list],
      ['brand_daily', 'brand', expected.top10_brands.list],
    ] as const) {
      const top = await database.query(
        sql`select ${sql.ident(key)} as id, trim_scale(sum(amount)) as total from ${sql.ident('kpi', table)}
          group by 1 order by sum(amount) desc, 1 limit 10`,
      );
      expect(top).toEqual(list.map(({ id, total }) => ({ id: id || '(unknown)', total })));
    }
    const { date, list } = expected.category_totals;
    const categories = await database.query(
      sql`select category, quantity, trim_scale(amount) as total from kpi.category_daily where sale_date = ${date}`,
    );
    for (const { category, quantity, total } of list)
      expect(categories).toContainEqual({ category: category || '(unknown)', quantity, total });
    for (const { store, date: day, sum, avg, previous_sum, change_pct } of expected.rolling7) {
      const [row] = await database.query(
        sql`select trim_scale(sum_7d) as sum, avg_7d as avg, trim_scale(previous_sum_7d) as previous_sum,
                 trim_scale(growth_7d_pct) as change_pct
          from kpi.store_daily where store_id = ${store} and sale_date = ${day}`,
      );
      // A store without lines in all fourteen days has no row: its sums are zero.
      const none = { sum: '0', avg: '0.0000', previous_sum: '0', change_pct: null };
      expect(row ?? none, `${store} ${day}`).toEqual({ sum, avg, previous_sum, change_pct });
    }
  },
);

import { expect, test } from 'vitest';
import { openRecorder } from '../record/recorder.ts';
import { showEdge } from '../time/grain.ts';
import { columnsOf } from '../warehouse/catalogue.ts';
import { sql } from '../warehouse/database.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { modelFile, testProject } from './test-project.ts';

const files = {
  'models/sources.yml': `sources:
  - name: raw.lines
    files: { path: "lines-*.csv" }
    time_column: day
    columns: { day: { type: date }, store: { type: text }, amount: { type: "numeric(18,2)" } }
`,
  'models/staging/lines.sql': 'select day, store, amount from raw.lines',
  'models/kpi/daily.sql': modelFile(
    'materialized: incremental\ntime_column: day\ngrain: day',
    `select day, store, sum(amount) as amount from staging.lines
     where day >= {{ window.from }} and day < {{ window.until }} group by day, store`,
  ),
  'models/kpi/weekly.sql': modelFile(
    'materialized: incremental\ntime_column: week\ngrain: week',
    `select cast(date_trunc('week', cast(day as timestamp)) as date) as week, store, sum(amount) as amount
     from kpi.daily where day >= {{ window.from }} and day < {{ window.until }} group by 1, 2`,
  ),
};

/** Lines of the 91 days from 2021-09-06, a Monday, two stores a day except on the tenth of each month. */
const lines = Array.from({ length: 91 }, (_, index) =>
  new Date(Date.UTC(2021, 8, 6 + index)).toISOString().slice(0, 10),
)
  .filter((day) => !day.endsWith('-10'))
  .flatMap((day) => [`${day},A,1.50`, `${day},B,2`]);
const csv = (rows: readonly string[]) => `day,store,amount\n${rows.join('\n')}\n`;

test('a late line for one day of a batch gives that window a new version, and moves only what reads it', async () => {
  await using store = await testDatabase();
  using project = testProject(store.database, { ...files, 'lines-1.csv': csv(lines) });
  await project.run();
  const recorded = async (model: string) => {
    const { builds } = await openRecorder('test').read(store.database, [model]);
    const show = (instant: number) => showEdge('day', instant, { timezone: 'Asia/Kolkata', weekStarts: 0 });
    return builds(model).map(({ range, id, version }) => {
      const windows = range && `${show(range.from)}..${show(range.until)}`;
      return `${windows} ${id === version ? 'new' : 'kept'}`;
    });
  };
  const before = async (model: string) => (await recorded(model)).length;
  const [dailies, weeklies] = [await before('kpi.daily'), await before('kpi.weekly')];

  project.write('lines-1.csv', csv([...lines, '2021-10-10,A,7']));
  const { steps } = await project.plan();
  expect(steps.map((step) => (step.kind === 'window' ? step.range.until - step.range.from : 0))).toEqual([
    0,
    86_400_000,
    7 * 86_400_000,
  ]);
  await project.run();
  expect((await recorded('kpi.daily')).slice(dailies)).toEqual(['2021-10-10..2021-10-11 new']);
  expect((await recorded('kpi.weekly')).slice(weeklies)).toEqual(['2021-10-04..2021-10-11 new']);
  const [week] = await store.direct.query(sql`select amount from kpi.weekly where week = '2021-10-04' and store = 'A'`);
  expect(week).toEqual({ amount: '16.00' });

  // All days are stale by this change, and built in batches of 90; the rows of one come out otherwise.
  const changed =
    "select day, store, amount + case day when date '2021-10-10' then 1 else 0 end as amount from raw.lines";
  project.write('models/staging/lines.sql', changed);
  await project.run();
  expect((await recorded('kpi.daily')).slice(dailies + 1)).toEqual([
    '2021-09-06..2021-10-10 kept',
    '2021-10-10..2021-10-11 new',
    '2021-10-11..2021-12-05 kept',
    '2021-12-05..2021-12-06 kept',
  ]);
  expect((await recorded('kpi.weekly')).slice(weeklies + 1)).toEqual(['2021-10-04..2021-10-11 new']);
  expect(await project.run()).toEqual([]);

  const columns = await columnsOf(store.database, { schema: 'kpi', name: 'daily' });
  const sums = await store.database.query(
    sql`select b.row_count = count(d.day) and b.checksum = count(d.day) || ':' || sum(${store.database.dialect.rowHash(columns)}) as same
        from tiffin_test.builds b left join kpi.daily d
          on d.day >= (b.from_at at time zone 'Asia/Kolkata')::date and d.day < (b.until_at at time zone 'Asia/Kolkata')::date
        where b.model = 'kpi.daily' and b.sequence > ${dailies + 1} group by b.sequence, b.row_count, b.checksum`,
  );
  expect(sums).toEqual(Array(4).fill({ same: true }));
});

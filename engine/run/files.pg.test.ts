import { expect, test } from 'vitest';
import { sql } from '../warehouse/database.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { modelFile, testProject } from './test-project.ts';

const source = (files: string, more = '') => `sources:
  - name: raw.lines
    files: { path: "*.csv"${files} }
    time_column: day
${more}
    columns: { id: { type: text }, day: { type: date }, amount: { type: "numeric(18,2)" } }
`;
const daily = modelFile(
  'materialized: incremental\ntime_column: day\ngrain: day',
  'select day, sum(amount) as amount from raw.lines where day >= {{ window.from }} and day < {{ window.until }} group by day',
);
const csv = (...rows: readonly string[]) => `id,day,amount\n${rows.join('\n')}\n`;

test('a file with a line for an old day moves that day alone; the same file again moves nothing', async () => {
  await using store = await testDatabase();
  using project = testProject(store.database, {
    'models/sources.yml': source(''),
    'models/kpi/daily.sql': daily,
    'a.csv': csv('1,2021-09-01,1', '2,2021-09-02,2', '3,2021-09-05,3'),
  });
  await project.run();
  project.write('b.csv', csv('4,2021-09-02,4', '5,2021-09-06,5'));
  const run = ['raw.lines 2021-09-02..2021-09-07 built', 'kpi.daily 2021-09-02..2021-09-03 built'];
  expect(await project.run()).toEqual([...run, 'kpi.daily 2021-09-06..2021-09-07 built']);
  project.write('b.csv', csv('4,2021-09-02,4', '5,2021-09-06,5'));
  expect(await project.run()).toEqual([]);
  project.write('b.csv', csv('4,2021-09-03,4', '5,2021-09-06,5'));
  const moved = (await project.run()).slice(1);
  expect(moved).toEqual(['kpi.daily 2021-09-02..2021-09-04 built']);
  expect(await store.direct.query(sql`select day, amount from kpi.daily order by day`)).toEqual([
    { day: '2021-09-01', amount: '1.00' },
    { day: '2021-09-02', amount: '2.00' },
    { day: '2021-09-03', amount: '4.00' },
    { day: '2021-09-05', amount: '3.00' },
    { day: '2021-09-06', amount: '5.00' },
  ]);
  expect(await project.run()).toEqual([]);
});

test('two files with the same line are an error that names both, unless the later one replaces', async () => {
  await using store = await testDatabase();
  using project = testProject(store.database, {
    'models/sources.yml': source('', '    unique_key: [id]'),
    'models/kpi/daily.sql': daily,
    'a.csv': csv('1,2021-09-01,1', '2,2021-09-02,2'),
    'b.csv': csv('2,2021-09-03,20', '3,2021-09-03,3'),
  });
  const run = await project.run();
  expect(run).toContain(
    'raw.lines 2021-09-03..2021-09-04 failed: b.csv has a line that a.csv has too, by unique_key: id 2',
  );
  project.write('models/sources.yml', source(', overlap: replace', '    unique_key: [id]'));
  for (let round = 0; round < 3 && (await project.run()).length > 0; round += 1);
  expect(await project.run()).toEqual([]);
  expect(await store.direct.query(sql`select day, amount from kpi.daily order by day`)).toEqual([
    { day: '2021-09-01', amount: '1.00' },
    { day: '2021-09-03', amount: '23.00' },
  ]);
});

test('rows that cannot be read are kept aside with file, line and reason, and more than allowed stop the file', async () => {
  await using store = await testDatabase();
  const { database, direct } = store;
  using project = testProject(database, {
    'models/sources.yml': source(''),
    'models/kpi/daily.sql': daily,
    'a.csv': csv('1,2021-09-01,1', '2,2021-09-02,two', '3,2021-13-02,3', '4,2021-09-04', '"5, a",2021-09-05,'),
  });
  const [load] = await project.run();
  expect(load).toMatch(
    /^raw.lines .* failed: 3 rows cannot be read: amount: (invalid input syntax .*"two"|no .*: two)\nline 4: day: /,
  );
  const kept = sql`select file, line, reason from tiffin_test.bad_rows order by line`;
  const rows = [
    { file: 'a.csv', line: '3', reason: expect.stringMatching(/^amount: .*two/) },
    { file: 'a.csv', line: '4', reason: expect.stringMatching(/^day: .*2021-13-02/) },
    { file: 'a.csv', line: '5', reason: '2 fields where the headings are 3' },
  ];
  expect(await direct.query(kept)).toEqual(rows);

  project.write('models/sources.yml', source(', max_bad_rows: 3'));
  const { results } = await project.results();
  expect(results[0]?.outcome).toMatchObject({
    kind: 'built',
    rows: 2,
    warnings: [{ audit: 'rows that cannot be read', severity: 'warn', count: 3 }],
  });
  expect(await direct.query(kept)).toEqual(rows);
  expect(await direct.query(sql`select id, amount from raw.lines order by id`)).toEqual([
    { id: '1', amount: '1.00' },
    { id: '5, a', amount: null },
  ]);
  project.write('a.csv', csv('1,2021-09-01,1'));
  await project.run();
  expect(await direct.query(kept)).toEqual([]);
});

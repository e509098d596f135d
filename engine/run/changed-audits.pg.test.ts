import { expect, test } from 'vitest';
import { sql } from '../warehouse/database.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { readCoverage } from './coverage.ts';
import { modelFile, smallProject, type TestProject, testProject } from './test-project.ts';
import { openWorkspace } from './workspace.ts';

const daily = (audits: readonly string[], head = '') =>
  modelFile(
    `materialized: incremental\ntime_column: day\ngrain: day\n${head}audits:\n${audits.map((audit) => `  - ${audit}\n`).join('')}`,
    `select day, store, sum(amount) as amount from staging.lines
where day >= {{ window.from }} and day < {{ window.until }} group by day, store`,
  );

const files = {
  ...smallProject,
  'models/kpi/daily.sql': daily(['unique: [day, store]']),
  'models/kpi/total.sql': modelFile(
    'materialized: incremental\ntime_column: day\ngrain: day',
    `select day, sum(amount) as amount from kpi.daily
where day >= {{ window.from }} and day < {{ window.until }} group by day`,
  ),
  'models/audits/small.sql': 'select * from {{ this }} as t where amount >= 100',
  'data/lines-1.csv': 'day,store,amount\n2021-09-01,A,1\n2021-09-02,A,2\n2021-09-03,A,-3\n',
};

async function coverageOf(house: TestProject, database: Parameters<typeof readCoverage>[1]) {
  const coverage = await readCoverage(openWorkspace(house.root, {}), database);
  return (name: string) => coverage.get(name)?.days;
}

test('a new audit is asked of published rows: what passes is recorded, what fails shuts the gate and keeps the rows', async () => {
  await using store = await testDatabase();
  using house = testProject(store.database, files);
  await house.run();
  const whole = [{ from: '2021-09-01', until: '2021-09-04' }];

  // Layout, order, descriptions: not another audit.
  house.write(
    'models/kpi/daily.sql',
    daily(['unique: { columns: [day, store] }'], 'description: of a day\ntags: [x]\n'),
  );
  expect((await house.plan()).steps).toEqual([]);

  house.write('models/kpi/daily.sql', daily(['unique: [day, store]', 'sql: small']));
  expect((await coverageOf(house, store.database))('kpi.daily')).toEqual([]);
  expect(await house.run()).toEqual(['kpi.daily 2021-09-01..2021-09-04 audited']);
  expect(await house.run()).toEqual([]);
  expect((await coverageOf(house, store.database))('kpi.total')).toEqual(whole);

  house.write('models/kpi/daily.sql', daily(['unique: [day, store]', 'expression: { sql: "amount > 0" }']));
  house.write('data/lines-2.csv', 'day,store,amount\n2021-09-04,A,4\n');
  const before = await house.query('select * from kpi.daily order by day');
  const { ok, results } = await house.results();
  expect(ok).toBe(false);
  expect(results.map(({ step, outcome }) => `${step.kind} ${step.model} ${outcome.kind}`)).toEqual([
    'load raw.lines built',
    'window kpi.daily built',
    'audit kpi.daily audit-failed',
    'window kpi.total blocked',
  ]);
  expect(results[2]?.outcome).toMatchObject({
    failures: [{ audit: 'expression: amount > 0', count: 1, rows: [{ amount: '-3.00' }] }],
  });
  expect(await house.query(`select * from kpi.daily where day < '2021-09-04' order by day`)).toEqual(before);
  const shut = await coverageOf(house, store.database);
  expect(shut('kpi.daily')).toEqual([{ from: '2021-09-04', until: '2021-09-05' }]);
  expect(shut('kpi.total')).toEqual([]);

  // A day by itself passes and counts; what reads it is current again, as it is the same data.
  expect(await house.run({ asked: { day: '2021-09-01' }, only: ['kpi.daily'] })).toEqual([
    'kpi.daily 2021-09-01..2021-09-02 audited',
  ]);
  expect((await coverageOf(house, store.database))('kpi.total')).toEqual([{ from: '2021-09-01', until: '2021-09-02' }]);

  // Mended data is built under the new audits.
  house.write('data/lines-1.csv', 'day,store,amount\n2021-09-01,A,1\n2021-09-02,A,2\n2021-09-03,A,3\n');
  expect((await house.results()).ok).toBe(true);
  expect((await coverageOf(house, store.database))('kpi.total')).toEqual([{ from: '2021-09-01', until: '2021-09-05' }]);
  expect(await house.run()).toEqual([]);
});

test('scopes are those of a build: window by window, and the whole table where an audit says so', async () => {
  await using store = await testDatabase();
  using house = testProject(store.database, {
    ...files,
    'data/lines-1.csv': 'day,store,amount\n2021-09-01,A,1\n2021-09-02,A,1\n',
  });
  await house.run();
  house.write('models/kpi/daily.sql', daily(['unique: [store, amount]', 'row_count: { min: 1, max: 1 }']));
  expect(await house.run()).toEqual(['kpi.daily 2021-09-01..2021-09-03 audited']);
  house.write('models/kpi/daily.sql', daily(['unique: { columns: [store, amount], scope: table }']));
  expect(await house.run({ asked: { day: '2021-09-02' } })).toEqual([
    'kpi.daily 2021-09-02..2021-09-03 audit-failed: unique: store, amount: 1 row',
  ]);
});

test('a view with a new audit is asked as it stands; what changed under it meanwhile makes it anew', async () => {
  await using store = await testDatabase();
  using house = testProject(store.database, {
    ...files,
    'models/staging/lines.sql': modelFile('audits:\n  - not_null: [day]', 'select day, store, amount from raw.lines'),
  });
  await house.run();
  house.write(
    'models/staging/lines.sql',
    modelFile(
      'audits:\n  - not_null: [day]\n  - expression: { sql: "amount > 0" }',
      'select day, store, amount from raw.lines',
    ),
  );
  expect(await house.run()).toEqual(['staging.lines audit-failed: expression: amount > 0: 1 row']);
  expect((await coverageOf(house, store.database))('kpi.daily')).toEqual([]);
  house.write(
    'models/staging/lines.sql',
    modelFile(
      'audits:\n  - not_null: [day]\n  - expression: { sql: "amount > 0", severity: warn }',
      'select day, store, amount from raw.lines',
    ),
  );
  expect(await house.run()).toEqual(['staging.lines audited']);
  expect(await house.run()).toEqual([]);
});

test('a record from before audits were noted is asked once', async () => {
  await using store = await testDatabase();
  using house = testProject(store.database, files);
  await house.run();
  await store.database.run(sql`alter table tiffin_test.builds drop column audits`);
  await store.database.run(sql`drop table tiffin_test.audit_passes`);
  expect(await house.run()).toEqual(['kpi.daily 2021-09-01..2021-09-04 audited']);
  expect(await house.run()).toEqual([]);
});

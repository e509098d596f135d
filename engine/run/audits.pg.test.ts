import { expect, test } from 'vitest';
import { openRecorder } from '../record/recorder.ts';
import { sql } from '../warehouse/database.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { auditBuilt } from './audit-built.ts';
import { modelFile, outcomes, smallProject, testProject } from './test-project.ts';
import { readRecord } from './warehouse-record.ts';
import { openWorkspace } from './workspace.ts';

const files = (audits: string, extra: Record<string, string> = {}) => ({
  ...smallProject,
  'models/kpi/daily.sql': modelFile(
    `materialized: incremental\ntime_column: day\ngrain: day\ndepends_on: [raw.stores]\naudits:\n  - ${audits}`,
    `select day, store, sum(amount) as amount from staging.lines
where day >= {{ window.from }} and day < {{ window.until }} group by day, store`,
  ),
  'models/sources.yml': `${smallProject['models/sources.yml']}
  - name: raw.stores
    files: { path: data/stores.csv }
    columns: { store: { type: text } }
`,
  'data/stores.csv': 'store\nA\nB\n',
  'data/lines-1.csv': 'day,store,amount\n2021-09-01,A,1\n2021-09-01,B,2\n2021-09-02,A,3\n2021-09-03,C,4\n',
  ...extra,
});

const custom = { 'models/audits/small.sql': 'select * from {{ this }} as t where amount >= {{ vars.most }};\n' };
const project =
  'name: test\ntimezone: Asia/Kolkata\ntarget: local\ntargets: { local: { type: embedded } }\nvars: { most: 4 }\n';

test.each([
  ['accepted_values: { column: store, values: [A, B] }', 'accepted_values: store', 1],
  ['relationships: { column: store, to: raw.stores }', 'relationships: store in raw.stores.store', 1],
  ['unique: { columns: [store], scope: build }', 'unique: store', 1],
  ['unique: [store]', undefined, 0],
  ['row_count: { min: 2 }', 'row_count: 2 to any number', 2],
  ['row_count: { min: 2, scope: build }', undefined, 0],
  ['row_count: { min: 0, max: 3, scope: table }', 'row_count: 0 to 3', 1],
  ['freshness: { column: day, within: 1d }', 'freshness: day', 1],
  ['freshness: { column: day, within: 12000d }', undefined, 0],
  ['sql: small', 'sql: small', 1],
])('%s', async (audit, name, count) => {
  await using store = await testDatabase();
  using house = testProject(store.database, files(audit, custom));
  house.write('project.yml', project);
  const { results } = await house.results();
  const last = results.at(-1)?.outcome;
  if (name === undefined) {
    expect(last).toMatchObject({ kind: 'built' });
    return;
  }
  expect(last).toMatchObject({ kind: 'audit-failed', failures: [{ audit: name, count }] });
  const kept = last?.kind === 'audit-failed' ? last.failures[0]?.kept : '';
  expect(await house.query(`select 1 from ${kept}`)).toHaveLength(count);
  expect(await house.query(`select 1 from ${last?.kind === 'audit-failed' && last.evidence}`)).toHaveLength(4);
  expect(await house.query(`select 1 from pg_class where relname = 'daily'`)).toEqual([]);
});

test('scope table sees the rows that stay beside the built ones', async () => {
  await using store = await testDatabase();
  using house = testProject(store.database, files('unique: { columns: [store, amount], scope: table }'));
  expect(outcomes(await house.results())).toContain('kpi.daily built');
  house.write('data/lines-2.csv', 'day,store,amount\n2021-09-04,A,1\n');
  expect((await house.results()).results.at(-1)?.outcome).toMatchObject({
    kind: 'audit-failed',
    failures: [{ audit: 'unique: store, amount', count: 1, rows: [{ store: 'A', amount: '1.00', copies: '2' }] }],
  });
});

test('a warning is shown and published', async () => {
  await using store = await testDatabase();
  using house = testProject(store.database, files('accepted_values: { column: store, values: [A], severity: warn }'));
  expect((await house.results()).results.at(-1)?.outcome).toMatchObject({
    kind: 'built',
    rows: 4,
    warnings: [{ severity: 'warn', count: 2 }],
  });
});

test('a mistake in the SQL of an audit names the audit', async () => {
  await using store = await testDatabase();
  using house = testProject(store.database, files('expression: { sql: "amuont > 0" }'));
  const [line] = (await house.run()).slice(-1);
  expect(line).toMatch(/failed: audit "expression: amuont > 0": column "amuont" does not exist/);
});

test('an unknown file and a table that the model does not read are named before anything runs', async () => {
  await using store = await testDatabase();
  using house = testProject(store.database, files('sql: smal', custom));
  await expect(house.plan()).rejects.toMatchObject({
    problems: [{ file: 'models/kpi/daily.sql', code: 'unknown-audit', hint: expect.stringContaining('small') }],
  });
  using other = testProject(store.database, files('relationships: { column: store, to: raw.lines }'));
  await expect(other.plan()).rejects.toMatchObject({ problems: [{ code: 'audit-unread' }] });
});

test('what is built can be audited again, window by window', async () => {
  await using store = await testDatabase();
  using house = testProject(store.database, files('unique: [store]'));
  await house.run();
  const verdicts = async () => {
    const workspace = await openWorkspace(house.root, {});
    const recorded = await readRecord(store.database, openRecorder('test'), workspace.nodes);
    return auditBuilt(workspace, ['kpi.daily'], recorded, store.database, new AbortController().signal);
  };
  expect(await verdicts()).toMatchObject([{ model: 'kpi.daily', built: true, failures: [] }]);
  await store.database.run(sql`insert into kpi.daily values ('2021-09-02', 'A', 0)`);
  expect(await verdicts()).toMatchObject([
    { failures: [{ audit: 'unique: store', rows: [{ store: 'A', copies: '2' }] }] },
  ]);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { localSearchPath } from '../config/dialect.ts';
import { showFault } from '../fault.ts';
import { prepareLocal } from '../local/library.ts';
import { type Database, sql } from '../warehouse/database.ts';
import { openPostgres } from '../warehouse/postgres.ts';
import { type TestDatabase, testDatabase } from '../warehouse/test-database.ts';
import { modelFile, testProject } from './test-project.ts';
import { runUnitTest } from './unit-test.ts';
import { openWorkspace, readWorkspace } from './workspace.ts';

let own: TestDatabase;
let database: Database;

beforeAll(async () => {
  own = await testDatabase();
  database = await openPostgres(own.url, { searchPath: localSearchPath });
  await prepareLocal(database);
  await database.query(sql`create schema raw`);
  await database.query(sql`create table raw.lines (day date, store text, item text, amount numeric(10, 2))`);
  await database.query(sql`insert into raw.lines values
    ('2021-09-01', 'A', 'tea', 1), ('2021-09-01', 'A', 'rice', 2.5), ('2021-09-01', 'B', 'tea', 4),
    ('2021-09-02', 'A', 'salt', 9), ('2021-09-02', 'B', null, 7)`);
});

afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await own[Symbol.asyncDispose]();
});

const files = {
  'project.yml':
    'name: test\ndialect: redshift\ntimezone: Asia/Kolkata\ntarget: local\ntargets:\n  local: { type: embedded }\n',
  'models/sources.yml':
    'sources:\n  - name: raw.lines\n    columns: { day: { type: date }, store: { type: text }, item: { type: varchar(max) }, amount: { type: "numeric(10, 2)" } }\n',
  'models/staging/best.sql': modelFile(
    'materialized: ephemeral',
    `select * from raw.lines l
qualify row_number() over (partition by day, store order by amount desc) = 1`,
  ),
  'models/kpi/daily.sql': modelFile(
    `materialized: table
redshift: { dist: store, sort: [day] }
columns:
  label: { type: nvarchar(20) }
audits:
  - expression: { sql: "nvl2(label, len(label), 0) > 0" }
  - sql: old`,
    `select top 3 day, store, store + ': ' + nvl(item, 'nothing') as label,
  datediff(day, '2021-08-31', day) as age, avg(amount) over (partition by store) as mean
from staging.best
order by day, store`,
  ),
  'models/audits/old.sql': 'select top 1 * from {{ this }} where dateadd(year, 100, day) < getdate()',
};

test("a project in Redshift's dialect is built on PostgreSQL, its audits and types too", async () => {
  using project = testProject(database, files);
  expect(await project.run()).toEqual(['raw.lines built', 'kpi.daily built']);
  expect(await project.query('select * from kpi.daily order by day, store')).toEqual([
    { day: '2021-09-01', store: 'A', label: 'A: rice', age: '1', mean: '5.75' },
    { day: '2021-09-01', store: 'B', label: 'B: tea', age: '1', mean: '5.50' },
    { day: '2021-09-02', store: 'A', label: 'A: salt', age: '2', mean: '5.75' },
  ]);
  expect(await project.run()).toEqual([]);
});

test("what is hashed and read is the author's text", () => {
  using project = testProject(database, files);
  const { models, written } = openWorkspace(project.root, {});
  const [local, author] = [models.get('kpi.daily'), written.get('kpi.daily')];
  expect(author?.render({})).toContain('select top 3 day');
  expect(local?.render({})).toContain('limit 3');
  expect(local?.text).toBe(author?.text);
});

test('columns are known from model to model, so that aliases and UNPIVOT have a local form', async () => {
  using project = testProject(database, {
    ...files,
    'models/kpi/wide.sql': modelFile('materialized: table', "select 'A' as store, 1 as tea, 2 as rice"),
    'models/kpi/more.sql': modelFile(
      'materialized: view',
      'select *, tea + rice as both, both * 10 as tens from kpi.wide w',
    ),
    'models/kpi/long.sql': modelFile(
      'materialized: view',
      'select * from kpi.more unpivot (amount for item in (tea, rice, tens)) order by amount',
    ),
  });
  await project.run({ only: ['kpi.wide', 'kpi.more', 'kpi.long'] });
  expect(await project.query('select * from kpi.long')).toEqual([
    { store: 'A', both: 3, item: 'tea', amount: 1 },
    { store: 'A', both: 3, item: 'rice', amount: 2 },
    { store: 'A', both: 3, item: 'tens', amount: 30 },
  ]);
});

test('a schema suffix and a local form go together', async () => {
  using project = testProject(database, {
    ...files,
    'project.yml': files['project.yml'].replace('embedded }', 'embedded, schema_suffix: _dev }'),
    'models/kpi/wide.sql': modelFile('materialized: table', "select 'A' as store, 1 as tea, 2 as rice"),
    'models/kpi/long.sql': modelFile(
      'materialized: table\naudits: [{ expression: { sql: "nvl(which, 0) > 0" } }]',
      `select store, kpi.wide.store + '!' as loud, decode(store, 'A', 1) as which from kpi.wide
minus select item, item, 1 from kpi.wide unpivot (amount for item in (tea as amount, rice))`,
    ),
  });
  await project.run({ only: ['kpi.wide', 'kpi.long'] });
  expect(await project.query('select * from kpi_dev.long')).toEqual([{ store: 'A', loud: 'A!', which: 1 }]);
});

test('what has no local form is a problem at its line; what the server refuses is a failure at its line', async () => {
  const faulty = modelFile('materialized: table', 'select day,\n  dateadd(dey, 1, day) as next\nfrom raw.lines');
  using project = testProject(database, { ...files, 'models/kpi/faulty.sql': faulty });
  const lines = faulty.split('\n');
  expect(readWorkspace(project.root, {}).problems).toMatchObject([
    {
      file: 'models/kpi/faulty.sql',
      line: lines.findIndex((line) => line.includes('dey')) + 1,
      column: 11,
      severity: 'error',
      code: 'no-local-form',
      message: 'there is no date part dey',
      hint: 'Did you mean "day"?',
    },
  ]);
  project.write('models/kpi/faulty.sql', faulty.replace('dey, 1, day', 'day, 1, dey'));
  const { results } = await project.results({ only: ['kpi.faulty'] });
  const [{ outcome }] = results as [(typeof results)[number]];
  expect(outcome.kind === 'failed' && showFault(outcome.error)).toContain(
    `models/kpi/faulty.sql:${lines.findIndex((line) => line.includes('dey')) + 1}`,
  );
});

test('a unit test stops GETDATE and SYSDATE, too', async () => {
  using project = testProject(database, {
    ...files,
    'models/kpi/now.sql': modelFile(
      'materialized: table',
      'select item, getdate() as at, trunc(sysdate) as today from raw.lines',
    ),
    'models/kpi/now.test.yml': `tests:
  - name: stopped
    model: kpi.now
    now: 2021-09-01T02:30:00Z
    given: { raw.lines: [{ item: tea }] }
    expect: [{ item: tea, at: "2021-09-01 02:30:00", today: 2021-09-01 }]
`,
  });
  const workspace = openWorkspace(project.root, {});
  const [one] = workspace.project.tests;
  expect(one && (await runUnitTest(workspace, one, database, new AbortController().signal))).toMatchObject({
    kind: 'passed',
  });
});

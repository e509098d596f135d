import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Database } from '../warehouse/database.ts';
import { sql } from '../warehouse/database.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { modelFile, smallProject, testProject } from './test-project.ts';
import { runUnitTest, type TestVerdict } from './unit-test.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

async function runAll(workspace: Workspace, database: Database): Promise<TestVerdict[]> {
  const verdicts: TestVerdict[] = [];
  for (const one of workspace.project.tests) {
    verdicts.push(await runUnitTest(workspace, one, database, new AbortController().signal));
  }
  return verdicts;
}

/** The verdicts of the tests of one file in a small project. */
async function verdicts(database: Database, tests: string, files: Readonly<Record<string, string>> = {}) {
  using house = testProject(database, { ...smallProject, ...files, 'models/kpi/x.test.yml': `tests:\n${tests}` });
  return runAll(openWorkspace(house.root, {}), database);
}

const given = `    given:
      raw.lines:
        - { day: 2021-09-01, store: A, amount: 1 }
        - { day: 2021-09-01, store: A, amount: 2.5 }
        - { day: 2021-09-02, store: B, amount: 9 }
`;

test('rows given to a source run through the view into the window, and nothing stays', async () => {
  await using store = await testDatabase();
  const file = `  - name: sums
    model: kpi.daily
    window: { from: 2021-09-01, until: 2021-09-02 }
${given}    expect:
      - { day: 2021-09-01, store: A, amount: "3.5" }
`;
  expect(await verdicts(store.direct, file)).toMatchObject([{ kind: 'passed' }]);
  expect(
    await store.direct.query(sql`select 1 from pg_namespace where nspname like 'test%' or nspname = 'kpi'`),
  ).toEqual([]);
});

test('what differs is shown row by row', async () => {
  await using store = await testDatabase();
  const file = `  - name: sums
    model: kpi.daily
    window: { from: 2021-09-01, until: 2021-09-03 }
${given}    expect:
      - { day: 2021-09-01, store: A, amount: 4 }
      - { day: 2021-09-03, store: A, amount: 0 }
`;
  expect(await verdicts(store.direct, file)).toMatchObject([
    {
      kind: 'failed',
      lines: [
        '~ day: 2021-09-01  store: A  amount: 4 -> 3.5',
        '- day: 2021-09-03  store: A  amount: 0',
        '+ day: 2021-09-02  store: B  amount: 9',
      ],
    },
  ]);
});

test('an incremental model by key: what stands is given under its own name', async () => {
  await using store = await testDatabase();
  const model = modelFile(
    'materialized: incremental\nunique_key: [store]',
    'select store, amount from raw.lines {% if incremental %}where amount > (select max(amount) from {{ this }}){% endif %}',
  );
  const file = `  - name: first
    model: dim.stores
${given.replace('2.5', '2').replace(/ {8}.*amount: 1 }\n/, '')}    expect:
      - { store: A, amount: 2 }
      - { store: B, amount: 9 }
  - name: increment
    model: dim.stores
${given}      dim.stores:
        - { store: B, amount: 2 }
        - { store: C, amount: 1 }
    expect:
      - { store: A, amount: 2.5 }
      - { store: B, amount: 9 }
      - { store: C, amount: 1 }
`;
  expect(await verdicts(store.direct, file, { 'models/dim/stores.sql': model })).toMatchObject([
    { kind: 'passed' },
    { kind: 'passed' },
  ]);
});

test('the clock stands still; ephemeral models are a part of the model', async () => {
  await using store = await testDatabase();
  const file = `  - name: today
    model: kpi.today
    now: 2021-09-01T20:00:00Z
${given}    expect:
      - { store: B, today: 2021-09-02, at: "2021-09-01 20:00:00+00" }
`;
  const models = {
    'models/staging/recent.sql': modelFile(
      'materialized: ephemeral',
      'select * from staging.lines where day >= current_date',
    ),
    'models/kpi/today.sql': 'select store, current_date as today, now() as at from staging.recent',
  };
  expect(await verdicts(store.direct, file, models)).toMatchObject([{ kind: 'passed' }]);
});

test('mistakes in a test and in its SQL are named', async () => {
  await using store = await testDatabase();
  const wrong = `  - name: no_window
    model: kpi.daily
    expect: []
  - name: no_column
    model: staging.lines
    given: { raw.lines: [{ stor: A }] }
    expect: []
  - name: no_value
    model: staging.lines
    given: { raw.lines: [{ amount: much }] }
    expect: []
`;
  const errors = (await verdicts(store.direct, wrong)).map((verdict) => verdict.kind === 'broken' && verdict.error);
  expect(errors[0]).toMatch(/x\.test\.yml:2:\d+ .*window by window/);
  expect(errors[1]).toMatch(/x\.test\.yml:\d+:\d+ .*no column stor\n.*store/);
  expect(errors[2]).toMatch(/invalid input syntax for type numeric: "much"/);
  using house = testProject(store.direct, {
    ...smallProject,
    'models/kpi/x.test.yml': 'tests:\n  - name: x\n    model: kpi.dayly\n    given: { raw.line: [] }\n    expect: []\n',
  });
  expect(() => openWorkspace(house.root, {})).toThrow(
    expect.objectContaining({
      problems: [
        expect.objectContaining({
          line: 3,
          message: 'there is no model kpi.dayly',
          hint: expect.stringContaining('kpi.daily'),
        }),
        expect.objectContaining({ line: 4, hint: expect.stringContaining('raw.lines') }),
      ],
    }),
  );
});

test("the sample project's own tests pass", async () => {
  await using store = await testDatabase();
  const workspace = openWorkspace(fileURLToPath(new URL('../..', import.meta.url)), process.env);
  const all = await runAll(workspace, store.direct);
  expect(all.length).toBeGreaterThanOrEqual(3);
  for (const verdict of all) expect(verdict).toMatchObject({ kind: 'passed' });
});

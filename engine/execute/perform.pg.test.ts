import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compileModels } from '../compile/compile.ts';
import { showFault } from '../fault.ts';
import { silentLog } from '../log/log.ts';
import type { PlanNode } from '../plan/node.ts';
import { makePlan } from '../plan/plan.ts';
import type { PlanRequest } from '../plan/request.ts';
import { type Model, parseModel } from '../project/model.ts';
import type { Source } from '../project/source.ts';
import { openLeases } from '../record/leases.ts';
import { openRecorder } from '../record/recorder.ts';
import { prepareRecord, recordSchema } from '../record/schema.ts';
import { prepareState } from '../record/state-schema.ts';
import { findFiles } from '../source/find-files.ts';
import { type Database, sql } from '../warehouse/database.ts';
import { stateBeside, testDatabase } from '../warehouse/test-database.ts';
import { usualRetries } from './patience.ts';
import { perform } from './perform.ts';
import { relationName } from './stage.ts';

const calendar = { timezone: 'Asia/Kolkata', weekStarts: 0 };

const lines: Source = {
  name: 'raw.lines',
  path: 'models/sources.yml',
  description: '',
  filePattern: 'lines-*.csv',
  patternLine: undefined,
  timeColumn: 'day',
  restates: false,
  timezone: undefined,
  uniqueKey: undefined,
  seed: false,
  freshness: undefined,
  overlap: 'error',
  maxBadRows: 0,
  watch: undefined,
  columns: { day: { type: 'date', from: 'Date' }, store: { type: 'text' }, amount: { type: 'numeric(18,2)' } },
  tags: [],
};

function model(name: string, text: string): Model {
  const read = parseModel(name, `models/${name.replace('.', '/')}.sql`, text);
  if (!read.model) throw new Error(JSON.stringify(read.problems));
  return read.model;
}

const daily = (select = 'select day, store, sum(amount) as amount') => `/*---
materialized: incremental
time_column: day
grain: day
audits:
  - not_null: [store]
  - unique: [day, store]
  - expression: { sql: "amount < 1000" }
---*/
${select}
from staging.lines where day >= {{ window.from }} and day < {{ window.until }}
group by day, store
`;

/** A project of one source, a view and a daily table, on a database of the test's own. */
function project(database: Database) {
  const root = mkdtempSync(join(tmpdir(), 'tiffin-execute-'));
  const recorder = openRecorder('test');
  let view = 'select day, store, amount from raw.lines';
  let kpi = daily();
  return {
    root,
    write: (file: string, text: string) => writeFileSync(join(root, file), text),
    setView: (text: string) => {
      view = text;
    },
    setKpi: (text: string) => {
      kpi = text;
    },
    /** `planned` is awaited between the plan and its performance. */
    async run(request: Partial<PlanRequest> = {}, planned?: () => Promise<void>) {
      await prepareRecord(database, 'test');
      await prepareState(stateBeside(database), 'test');
      const models = [model('staging.lines', view), model('kpi.daily', kpi)];
      const facts = { vars: {}, target: { name: 'local', type: 'embedded' }, calendar };
      const compiled = compileModels(root, models, facts);
      expect(compiled.problems).toEqual([]);
      const windowing = models[1]?.windowing;
      if (!windowing) throw new Error('no windows');
      const nodes: PlanNode[] = [
        { kind: 'source', name: 'raw.lines', timed: true, restates: false },
        {
          kind: 'view',
          name: 'staging.lines',
          sqlHash: hash(view),
          inputs: ['raw.lines'],
          audits: [],
          restates: false,
        },
        {
          kind: 'incremental',
          name: 'kpi.daily',
          sqlHash: hash(kpi),
          inputs: ['staging.lines'],
          audits: [],
          start: undefined,
          windowing,
        },
      ];
      const recorded = await recorder.read(
        database,
        nodes.map((node) => node.name),
      );
      const files = await findFiles(lines, recorded.loads('raw.lines'), {
        root,
        calendar,
        pattern: 'lines-*.csv',
        daysOf: (file) => recorder.daysOf(database, 'raw.lines', file),
      });
      const selected = new Set(nodes.map((node) => node.name));
      const plan = makePlan({ nodes, selected, recorded, files, calendar, ...request });
      await planned?.();
      const results = await perform(
        plan,
        {
          nodes: new Map(nodes.map((node) => [node.name, node])),
          models: compiled.models,
          sources: new Map([[lines.name, lines]]),
          viewsOver: (name) => (name === 'raw.lines' ? ['staging.lines'] : []),
        },
        recorded,
        {
          database,
          recorder,
          own: relationName,
          leases: openLeases(stateBeside(database), 'test', 'run'),
          reread: () =>
            recorder.read(
              database,
              nodes.map((node) => node.name),
            ),
          retries: usualRetries,
          calendar,
          schema: recordSchema('test'),
          runId: 'run',
          threads: 2,
          signal: new AbortController().signal,
          log: silentLog,
        },
        { began() {}, ended() {} },
      );
      return results.map(({ step, outcome }) => ({ model: step.model, reason: step.reason, outcome }));
    },
    rows: () => stateBeside(database).query(sql`select day, store, amount from kpi.daily order by day, store`),
    stages: () => stateBeside(database).query(sql`select 1 from pg_class where relname like 'stage_%'`),
  };
}

const kinds = (results: readonly { outcome: { kind: string } }[]) => results.map(({ outcome }) => outcome.kind);
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

test('files become rows, a view and windows; a second run has nothing to do', async () => {
  await using store = await testDatabase();
  const house = project(store.database);
  house.write(
    'lines-1.csv',
    'Date,ignored,store,amount\n2021-09-01,x,A,1.50\n2021-09-01,x,A,2.25\n2021-09-03,x,"B, ""2""",4\n',
  );
  expect(kinds(await house.run())).toEqual(['built', 'built', 'built']);
  expect(await house.rows()).toEqual([
    { day: '2021-09-01', store: 'A', amount: '3.75' },
    { day: '2021-09-03', store: 'B, "2"', amount: '4.00' },
  ]);
  expect(await house.run()).toEqual([]);
  expect(await house.stages()).toEqual([]);
});

test('a changed file replaces its rows and rebuilds its days; equal rows stop the wave', async () => {
  await using store = await testDatabase();
  const house = project(store.database);
  house.write('lines-1.csv', 'Date,store,amount\n2021-09-01,A,1\n2021-09-02,A,2\n');
  house.write('lines-2.csv', 'Date,store,amount\n2021-09-03,A,3\n');
  await house.run();
  house.write('lines-1.csv', 'Date,store,amount\n2021-09-01,A,1\n2021-09-02,A,20\n');
  expect((await house.run()).map(({ model, reason }) => `${model}: ${reason}`)).toEqual([
    'raw.lines: lines-1.csv changed',
    'kpi.daily: staging.lines changed',
  ]);
  expect((await house.rows()).map((row) => row['amount'])).toEqual(['1.00', '20.00', '3.00']);

  house.setView('select day, store, amount + 0 as amount from raw.lines');
  const again = await house.run();
  expect(again.map(({ outcome }) => outcome.kind === 'built' && outcome.unchanged)).toEqual([false, true]);
  expect(await house.run()).toEqual([]);
});

test('a failed audit keeps the old rows, shows the failing ones and keeps the stage', async () => {
  await using store = await testDatabase();
  const house = project(store.database);
  house.write('lines-1.csv', 'Date,store,amount\n2021-09-01,A,1\n');
  await house.run();
  house.write('lines-1.csv', 'Date,store,amount\n2021-09-01,A,5000\n');
  const results = await house.run();
  expect(results.at(-1)?.outcome).toMatchObject({
    kind: 'audit-failed',
    failures: [
      { audit: 'expression: amount < 1000', count: 1, rows: [{ day: '2021-09-01', store: 'A', amount: '5000.00' }] },
    ],
  });
  expect(await house.rows()).toEqual([{ day: '2021-09-01', store: 'A', amount: '1.00' }]);
  expect(await house.stages()).toHaveLength(1);
});

test('rows outside the window and null times are never published', async () => {
  await using store = await testDatabase();
  const house = project(store.database);
  house.write('lines-1.csv', 'Date,store,amount\n2021-09-01,A,1\n');
  house.setKpi(daily('select day + 1 as day, store, sum(amount) as amount'));
  expect((await house.run()).at(-1)?.outcome).toMatchObject({
    kind: 'audit-failed',
    failures: [{ audit: 'day is inside the window', count: 1 }],
  });
});

test('broken SQL and a bad row are named with file and line, and block what needs them', async () => {
  await using store = await testDatabase();
  const house = project(store.database);
  house.write('lines-1.csv', 'Date,store,amount\n2021-09-01,A,1\n2021-09-02,A,one\n');
  const bad = await house.run();
  expect(kinds(bad)).toEqual(['failed', 'blocked', 'blocked']);
  const first = bad[0]?.outcome;
  expect(first?.kind === 'failed' && showFault(first.error)).toMatch(/lines-1\.csv:3 .*amount.*one|lines-1\.csv:3/);

  house.write('lines-1.csv', 'Date,store,amount\n2021-09-01,A,1\n');
  house.setKpi(daily('select day, store,\n  sum(amout) as amount'));
  const worse = await house.run();
  const last = worse.at(-1)?.outcome;
  expect(last?.kind === 'failed' && showFault(last.error)).toMatch(/models\/kpi\/daily\.sql:11 .*amout/);
});

test('a view whose columns change is replaced under its readers', async () => {
  await using store = await testDatabase();
  const house = project(store.database);
  house.write('lines-1.csv', 'Date,store,amount\n2021-09-01,A,1\n');
  await house.run();
  await store.direct.query(sql`create view public.foreign_view as select amount from staging.lines`);
  house.setView('select store, day, amount from raw.lines');
  const held = await house.run();
  const outcome = held[0]?.outcome;
  expect(outcome?.kind === 'failed' && showFault(outcome.error)).toMatch(/outside the project/);
  await store.direct.query(sql`drop view public.foreign_view`);
  expect(kinds(await house.run())).toEqual(['built', 'built']);
});

test('the later of two runs that saw the same record steps aside', async () => {
  await using store = await testDatabase();
  const house = project(store.database);
  house.write('lines-1.csv', 'Date,store,amount\n2021-09-01,A,1\n');
  await house.run();
  const range = { from: Date.UTC(2021, 7, 31, 18, 30), until: Date.UTC(2021, 8, 1, 18, 30) };
  let waiting = 0;
  const bothPlanned = Promise.withResolvers<void>();
  const meet = () => {
    waiting += 1;
    if (waiting === 2) bothPlanned.resolve();
    return bothPlanned.promise;
  };
  const run = () => house.run({ rebuild: true, range }, meet);
  const both = await Promise.all([run(), run()]);
  expect(both.flatMap(kinds).sort()).toEqual(['built', 'lost']);
  expect(await house.rows()).toHaveLength(1);
});

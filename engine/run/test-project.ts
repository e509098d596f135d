import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RetryRule } from '../execute/patience.ts';
import type { StepResult } from '../execute/perform.ts';
import { newId } from '../execute/stage.ts';
import { silentLog } from '../log/log.ts';
import type { Plan } from '../plan/step.ts';
import { openRecorder } from '../record/recorder.ts';
import { prepareRecord } from '../record/schema.ts';
import { type Database, type Row, sql } from '../warehouse/database.ts';
import { type AskedRange, planRun, type RunRequest } from './plan-run.ts';
import { runPlan } from './run.ts';
import { readRecord } from './warehouse-record.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

export interface TestRun extends Partial<Omit<RunRequest, 'selected'>> {
  readonly selected?: readonly string[];
  /** The warehouse of this run, where it is not the project's. */
  readonly database?: Database;
  readonly runId?: string;
  readonly asked?: AskedRange;
  readonly signal?: AbortSignal;
  readonly retries?: RetryRule;
}

/** A project of a test's own: files in a folder, one database for warehouse and state. */
export interface TestProject extends Disposable {
  readonly root: string;
  write(path: string, text: string): void;
  workspace(): Workspace;
  plan(how?: TestRun): Promise<Plan>;
  run(how?: TestRun): Promise<readonly StepResult[]>;
  query(text: string): Promise<Row[]>;
}

const projectFile = 'name: test\ntimezone: Asia/Kolkata\ntarget: local\ntargets: { local: { type: embedded } }\n';

/** Makes the project's folder from files by path; disposed, it is removed. */
export function testProject(database: Database, files: Readonly<Record<string, string>>): TestProject {
  const root = mkdtempSync(join(tmpdir(), 'tiffin-project-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const [path, text] of Object.entries({ 'project.yml': projectFile, ...files })) write(path, text);
  const workspace = () => openWorkspace(root, {});
  const prepare = async (how: TestRun) => {
    const house = workspace();
    const warehouse = how.database ?? database;
    await prepareRecord(warehouse, house.config.name);
    const recorded = await readRecord(warehouse, openRecorder(house.config.name), house.nodes);
    const selected = new Set(how.selected ?? house.nodes.map((node) => node.name));
    const plan = await planRun(house, recorded, { asked: {}, rebuild: false, ...how, selected });
    return { house, warehouse, recorded, plan };
  };
  return {
    root,
    write,
    workspace,
    plan: async (how = {}) => (await prepare(how)).plan,
    async run(how = {}) {
      const { house, warehouse, recorded, plan } = await prepare(how);
      const { results } = await runPlan(house, recorded, plan, 'test', {
        database: warehouse,
        state: database,
        runId: how.runId ?? newId(),
        threads: 2,
        signal: how.signal ?? new AbortController().signal,
        log: silentLog,
        watcher: { began() {}, ended() {} },
        ...(how.retries ? { retries: how.retries } : {}),
      });
      return results;
    },
    query: (text) => database.query(sql`select * from (${sql.__dangerous__rawValue(text)}) as shown`),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** What became of each step: `kpi.daily built`. */
export const outcomes = (results: readonly StepResult[]): string[] =>
  results.map(({ step, outcome }) => {
    const word = outcome.kind === 'built' && outcome.unchanged ? 'unchanged' : outcome.kind;
    return `${step.model} ${word}`;
  });

/** A small project: lines from files, a view, a table by day. Write `data/lines-<n>.csv` with `day,store,amount`. */
export const smallProject = {
  'models/sources.yml': `sources:
  - name: raw.lines
    files: { path: "data/lines-*.csv" }
    time_column: day
    columns: { day: { type: date }, store: { type: text }, amount: { type: "numeric(18,2)" } }
`,
  'models/staging/lines.sql': 'select day, store, amount from raw.lines',
  'models/kpi/daily.sql': `/*---
materialized: incremental
time_column: day
grain: day
audits:
  - unique: [day, store]
---*/
select day, store, sum(amount) as amount from staging.lines
where day >= {{ window.from }} and day < {{ window.until }} group by day, store`,
};

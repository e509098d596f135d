import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { recordName } from '../config/config.ts';
import type { RetryRule } from '../execute/patience.ts';
import { newId } from '../execute/stage.ts';
import { silentLog } from '../log/log.ts';
import type { Plan } from '../plan/step.ts';
import { prepareRecord } from '../record/schema.ts';
import { type Database, type Row, sql } from '../warehouse/database.ts';
import { stateBeside } from '../warehouse/test-database.ts';
import { deferTo, openDeferral } from './defer.ts';
import { type AskedRange, planRun } from './plan-run.ts';
import { describeStep, errorOf, type RunResult, runPlan } from './run.ts';
import { readOwnRecord } from './warehouse-record.ts';
import { openWorkspace } from './workspace.ts';

/** What a test asks of a run beside the usual. */
export interface Asked {
  readonly asked?: AskedRange;
  readonly rebuild?: boolean;
  readonly fullRefresh?: boolean;
  readonly now?: Date;
  /** Names of what may be built; all, when not given. */
  readonly only?: readonly string[];
  /** The warehouse, where it is not the project's own database. */
  readonly database?: Database;
  readonly retries?: RetryRule;
  /** A target of project.yml, with the warehouse's URL in WAREHOUSE_URL; `local`, when not given. */
  readonly target?: string;
  /** The target that is deferred to. */
  readonly defer?: string;
}

/** A project in a folder of a test's own, built on a test's own database by what the commands use. */
export interface TestProject extends Disposable {
  readonly root: string;
  write(path: string, text: string): void;
  remove(path: string): void;
  plan(asked?: Asked): Promise<Plan>;
  /** Plans and performs; a step as `kpi.daily 2021-09-01..2021-09-04 built`. */
  run(asked?: Asked): Promise<string[]>;
  /** As `run`, with all that is known of each step. */
  results(asked?: Asked): Promise<RunResult>;
  /** The rows of a SELECT. */
  query(text: string): Promise<Row[]>;
}

/** Makes a project of the files given by path; `project.yml` comes by itself, in the zone. */
export function testProject(
  database: Database,
  files: Readonly<Record<string, string>>,
  timezone = 'Asia/Kolkata',
): TestProject {
  const root = mkdtempSync(join(tmpdir(), 'tiffin-project-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('project.yml', `name: test\ntimezone: ${timezone}\ntarget: local\ntargets:\n  local: { type: embedded }\n`);
  for (const [path, text] of Object.entries(files)) write(path, text);

  const environment = { WAREHOUSE_URL: 'postgres://localhost/test' };
  const planned = async ({
    asked = {},
    rebuild = false,
    fullRefresh,
    only,
    now = new Date(),
    target,
    defer,
  }: Asked) => {
    const opened = openWorkspace(root, environment, target);
    await prepareRecord(database, recordName(opened.config));
    const recorded = await readOwnRecord(database, opened);
    const selected = new Set(only ?? opened.nodes.map((node) => node.name));
    const deferral = defer === undefined ? undefined : await openDeferral(opened, defer, environment, database);
    const workspace = deferral ? deferTo(opened, recorded, selected, deferral) : opened;
    const rebuilds = fullRefresh ? [{ since: newId(), models: selected, refresh: true }] : [];
    const request = { selected, asked, rebuild, rebuilds };
    return { workspace, recorded, plan: await planRun(workspace, recorded, request, { session: database, now }) };
  };
  const results = async (asked: Asked = {}) => {
    const { workspace, recorded, plan } = await planned(asked);
    return runPlan(workspace, recorded, plan, 'test', {
      database: asked.database ?? database,
      state: stateBeside(database),
      runId: newId(),
      ...(asked.retries ? { retries: asked.retries } : {}),
      threads: 2,
      signal: new AbortController().signal,
      log: silentLog,
      watcher: { began() {}, ended() {} },
    });
  };
  return {
    root,
    write,
    remove: (path) => rmSync(join(root, path)),
    plan: async (asked = {}) => (await planned(asked)).plan,
    results,
    async run(asked = {}) {
      const workspace = openWorkspace(root, environment, asked.target);
      return (await results(asked)).results.map((result) => {
        const { model, from, until } = describeStep(result.step, workspace);
        const { outcome } = result;
        const word = outcome.kind === 'built' && outcome.unchanged ? 'unchanged' : outcome.kind;
        const error = errorOf(result);
        return `${model}${from === null ? '' : ` ${from}..${until}`} ${word}${error === null ? '' : `: ${error}`}`;
      });
    },
    query: (text) => stateBeside(database).query(sql`select * from (${sql.__dangerous__rawValue(text)}) as shown`),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** A model file's text, from its header's lines and its SQL. */
export function modelFile(header: string, sql: string): string {
  return `/*---\n${header}\n---*/\n${sql}\n`;
}

/** What became of each step: `kpi.daily built`. */
export const outcomes = ({ results }: RunResult): string[] =>
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
  'models/kpi/daily.sql': modelFile(
    'materialized: incremental\ntime_column: day\ngrain: day\naudits:\n  - unique: [day, store]',
    `select day, store, sum(amount) as amount from staging.lines
where day >= {{ window.from }} and day < {{ window.until }} group by day, store`,
  ),
};

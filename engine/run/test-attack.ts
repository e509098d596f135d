import { newId } from '../execute/stage.ts';
import { silentLog } from '../log/log.ts';
import { openRecorder } from '../record/recorder.ts';
import { prepareRecord } from '../record/schema.ts';
import type { Database, Session } from '../warehouse/database.ts';
import { planRun } from './plan-run.ts';
import { type RunResult, runPlan } from './run.ts';
import { modelFile } from './test-project.ts';
import { readRecord } from './warehouse-record.ts';
import { openWorkspace } from './workspace.ts';

/** How long each model of the attacked project computes at least, in milliseconds: nobody may ever wait for that. */
export const computing = 3_000;

/** Days and stores of every version of the data. */
export const days = ['2021-09-01', '2021-09-02', '2021-09-03'] as const;
const stores = ['A', 'B', 'C', 'D'] as const;

/**
 * The files of a project with a table of every material. All rows of one version of its data carry the version's number,
 * so that a half, doubled or mixed window shows by itself. Odd versions have a column more, so that tables are swapped
 * under their views; `bad` data fails a blocking audit of every table.
 */
export function attackedProject(version: number, how: { readonly slow?: boolean; readonly bad?: boolean } = {}) {
  const { slow = false, bad = false } = how;
  const rows = days.flatMap((day) => stores.map((store) => `${day},${store},${bad ? -version : version}`));
  const more = version % 2 === 1 ? ', 1 as more' : '';
  // Evaluated once for the whole query, and not left out, because it is volatile.
  const wait = slow ? `cross join (select pg_sleep(${computing / 1_000}) offset 0) as waited` : '';
  const audits = 'audits:\n  - expression: { sql: "version > 0" }';
  return {
    'data/lines-1.csv': `day,store,version\n${rows.join('\n')}\n`,
    'models/sources.yml': `sources:
  - name: raw.lines
    files: { path: "data/lines-*.csv" }
    time_column: day
    columns: { day: { type: date }, store: { type: text }, version: { type: integer } }
`,
    'models/staging/lines.sql': 'select day, store, version from raw.lines',
    'models/kpi/daily.sql': modelFile(
      `materialized: incremental\ntime_column: day\ngrain: day\nbatch: 2\nunique_key: [day, store]\n${audits}`,
      `select day, store, version from staging.lines ${wait}
where day >= {{ window.from }} and day < {{ window.until }}`,
    ),
    'models/kpi/total.sql': modelFile(
      `materialized: table\n${audits}`,
      `select store, version${more} from staging.lines ${wait}`,
    ),
    'models/kpi/total_view.sql': 'select store, version from kpi.total',
    'models/kpi/keyed.sql': modelFile(
      `materialized: incremental\nunique_key: [store]\n${audits}`,
      `select store, max(version) as version from staging.lines group by store`,
    ),
    'models/kpi/history.sql': modelFile(
      `materialized: snapshot\nunique_key: [store]\ncheck: [version]\n${audits}`,
      `select store, max(version) as version from staging.lines group by store`,
    ),
  };
}

/** What every reader may rely on at any moment: a query, and the rows that it gives when all is well. */
export const promises = [
  // Each window whole, and of one version.
  {
    name: 'kpi.daily',
    query: 'select day, count(*)::int as rows, count(distinct version)::int as versions from kpi.daily group by day',
    rows: 3,
    holds: { rows: 4, versions: 1 },
  },
  {
    name: 'kpi.total',
    query: 'select count(*)::int as rows, count(distinct version)::int as versions from kpi.total',
    rows: 1,
    holds: { rows: 12, versions: 1 },
  },
  {
    name: 'kpi.total_view',
    query: 'select count(*)::int as rows, count(distinct version)::int as versions from kpi.total_view',
    rows: 1,
    holds: { rows: 12, versions: 1 },
  },
  {
    name: 'kpi.keyed',
    query: 'select count(*)::int as rows, count(distinct version)::int as versions from kpi.keyed',
    rows: 1,
    holds: { rows: 4, versions: 1 },
  },
  {
    name: 'kpi.history',
    query:
      'select count(*)::int as rows, count(distinct version)::int as versions from kpi.history where valid_until is null',
    rows: 1,
    holds: { rows: 4, versions: 1 },
  },
] as const;

/** Where a statement is about to be performed. */
export type Boundary = (count: number) => void | Promise<void>;

/** The database, which tells of every statement before it is performed. */
export function watched(database: Database, boundary: Boundary): Database {
  let count = 0;
  const tell = async () => {
    count += 1;
    await boundary(count);
  };
  const session = (of: Session): Session => ({
    dialect: of.dialect,
    async query(statement) {
      await tell();
      return of.query(statement);
    },
    stream: (statement, signal) => of.stream(statement, signal),
  });
  return {
    ...database,
    ...session(database),
    async run(statement, signal) {
      await tell();
      return database.run(statement, signal);
    },
    async copyIn(table, columns, csv, signal) {
      await tell();
      return database.copyIn(table, columns, csv, signal);
    },
    async transaction(work, how) {
      const result = await database.transaction(async (tx) => {
        const done = await work(session(tx));
        // Between the last statement and the commit.
        await tell();
        return done;
      }, how);
      await tell();
      return result;
    },
  };
}

/** Brings a project up to date, all of it, as the command does. */
export async function bringUp(root: string, database: Database, state: Database): Promise<RunResult> {
  const workspace = openWorkspace(root, {});
  await prepareRecord(database, workspace.config.name);
  const recorded = await readRecord(database, openRecorder(workspace.config.name), workspace.nodes);
  const selected = new Set(workspace.nodes.map((node) => node.name));
  const tools = { session: database, now: new Date() };
  const plan = await planRun(workspace, recorded, { selected, asked: {}, rebuild: false }, tools);
  return await runPlan(workspace, recorded, plan, 'attack', {
    database,
    state,
    runId: newId(),
    threads: 2,
    signal: new AbortController().signal,
    log: silentLog,
    watcher: { began() {}, ended() {} },
    retries: { attempts: 6, base: 20, cap: 1_000 },
    // At once, so that kills hit it too.
    compaction: { atLeast: 1, days: 0 },
  });
}

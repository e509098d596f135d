import { edgeLiteral } from '../compile/edge.ts';
import { didYouMean } from '../config/nearest.ts';
import { Fault } from '../fault.ts';
import { cutInputs } from '../plan/inputs.ts';
import { overlay } from '../plan/overlay.ts';
import type { Build, InputVersions, Recorded } from '../plan/record.ts';
import type { Segment } from '../plan/segments.ts';
import { readRange } from '../plan/standing.ts';
import type { Model, Windowing } from '../project/model.ts';
import { type Calendar, windowsOf } from '../time/grain.ts';
import type { Range } from '../time/range.ts';
import { type DescribedRelation, describeRelation, ensureSchema, type RelationName } from '../warehouse/catalogue.ts';
import { type Database, type Session, type Statement, sql } from '../warehouse/database.ts';
import { windowSums } from '../warehouse/window-sums.ts';
import { auditQuery, insideRange } from './audit.ts';
import type { SummedWindows } from './audit-pass.ts';
import { compareWindows, type RecordPart, versionsOf, windowEdges } from './changed-windows.ts';
import { type ColumnChange, changeColumns, changeOf, checkContract, widenTexts } from './columns.ts';
import type { Outcome } from './outcome.ts';
import type { Patience } from './patience.ts';
import type { NewBuild, Own, Recorder } from './port.ts';
import { publish } from './publish.ts';
import { type DependentView, lockName } from './replace.ts';
import { type Audited, runAudits } from './run-audits.ts';
import {
  columnList,
  createStage,
  expectStaged,
  fillStage,
  ident,
  newId,
  raw,
  stageGuard,
  stageLost,
  stageName,
} from './stage.ts';
import { auditFailed, blocks, built } from './whole.ts';

/** What building a range of windows needs. */
export interface WindowTools {
  readonly own: Own;
  readonly database: Database;
  readonly recorder: Recorder;
  readonly calendar: Calendar;
  /** Schema of the stages. */
  readonly schema: string;
  readonly runId: string;
  readonly patience: Patience;
  readonly signal: AbortSignal;
}

export interface WindowTask {
  readonly model: Model & { readonly windowing: Windowing };
  /** The SQL for the range. */
  readonly query: string;
  readonly sqlHash: string;
  /** Hashes of the model's audits. */
  readonly audits: readonly string[];
  readonly range: Range;
  /** Take the query's columns over, whatever the header says of them: a full refresh. */
  readonly refresh: boolean;
  /** Our views that read this model, in the order of the graph. */
  readonly views: readonly DependentView[];
  /** As far as the model's windows are due. */
  readonly horizon: number;
  /** Read before the query runs: were an input published in between, the build would count as stale, never as current. */
  readonly inputs: Readonly<Record<string, InputVersions>>;
  readonly recorded: Recorded;
  /** The query of a file in models/audits over a relation. */
  custom(name: string, table: string): string;
}

/**
 * Builds a range of windows aside, audits it there, and replaces the windows whose rows have changed in one short
 * transaction together with the record of all: lock, fence, delete, insert, record, commit. Readers see the old rows or the new ones, nothing between.
 */
export async function buildWindow(task: WindowTask, tools: WindowTools): Promise<Outcome> {
  const { database, calendar, schema, signal } = tools;
  const { model, range } = task;
  const id = newId();
  const stage = stageName(schema, id);
  const target = tools.own(model.name);

  const found = await describeRelation(database, target);
  await using guard = stageGuard(database, stage);
  const mayRebuild = task.refresh || model.onSchemaChange === 'rebuild';
  const like = mayRebuild ? undefined : found;
  const staged = await createStage(database, stage, task.query, model, { use: 'copied', like, check: checkContract });
  checkTimeColumn(model, staged);
  const change = found
    ? await widenTexts(database, target, changeOf(model, staged.columns, found.columns, mayRebuild))
    : ({ kind: 'none' } as const);
  const standing = found && change.kind === 'none' ? target : undefined;
  const windows = { ...windowEdges(model, range, calendar), hash: database.dialect.rowHash(staged.columns) };
  const earlier = earlierVersions(task);
  // A build that comes in between is noticed by the fence, so that nobody has to wait for the old rows to be summed.
  const [rows, old] = await Promise.all([
    fillStage(database, staged, stage, task.query, signal),
    standing && earlier.length > 0 ? windowSums(database, standing, windows.hash, windows) : undefined,
  ]);
  const { rows: audited, sums: fresh, failures } = await auditRange(task, tools, id, staged, windows, standing);
  if (audited !== rows) throw stageLost();
  if (blocks(failures)) {
    await guard.keep();
    return auditFailed(rows, failures, stage);
  }
  signal.throwIfAborted();

  if (!found) await createTarget(database, target, stage, schema, model.windowing.timeColumn);
  const versions = versionsOf(compareWindows(model, range, { old, fresh }, calendar), earlier, id);
  const publication = { ...task, ...versions, id, stage, target, staged, rows, change };
  const done = await publish(
    id,
    tools,
    // First of all statements: under snapshot isolation two replacements of an empty window would otherwise both commit.
    async (tx) => void (await tx.query(tx.dialect.lockTable(target))),
    async (tx) => ({ builds: await replaceRange(tx, publication, tools), loads: [] }),
  );
  return built(id, done, rows, failures);
}

/** Which version each stretch of the model has now. */
function earlierVersions({ recorded, model }: WindowTask): Segment[] {
  return overlay(recorded.builds(model.name)).map(({ from, until, build: { version } }) => ({ from, until, version }));
}

/** Audits a stage: each window, the range, or the table as it would be; and sums its windows on the way. */
function auditRange(
  { model, range, custom }: WindowTask,
  { database, calendar, schema, signal }: WindowTools,
  id: string,
  staged: DescribedRelation,
  summed: SummedWindows,
  standing: RelationName | undefined,
): Promise<Audited> {
  const { timeColumn, grain } = model.windowing;
  const edge = (instant: number) => edgeLiteral(instant, model, calendar);
  const [from, until] = [edge(range.from), edge(range.until)];
  const time = sql.ident(timeColumn);
  const about = {
    relation: staged,
    windows: {
      timeColumn,
      edges: [...windowsOf(grain, range, calendar)].map((one) => ({ from: edge(one.from), until: edge(one.until) })),
    },
    ...(standing && {
      beside: sql`(select * from ${ident(standing)} where ${time} < ${raw(from)} or ${time} >= ${raw(until)})`,
    }),
    now: Date.now(),
    calendar,
    dialect: database.dialect,
    custom,
  };
  const inside = insideRange(staged, timeColumn, from, until);
  const queries = [inside, ...model.audits.map((audit) => auditQuery(audit, about))];
  return runAudits(database, staged, queries, { schema, id }, signal, summed);
}

interface Publication extends WindowTask {
  readonly id: string;
  readonly stage: RelationName;
  readonly target: RelationName;
  readonly staged: DescribedRelation;
  /** How many rows are staged. */
  readonly rows: number;
  readonly change: ColumnChange;
  /** Windows whose rows are not what they were, and what is recorded of all. */
  readonly changed: readonly Range[];
  readonly parts: readonly RecordPart[];
}

/** Behind the lock: fence, delete, insert, record. */
async function replaceRange(
  tx: Session,
  task: Publication,
  { recorder, calendar, runId }: WindowTools,
): Promise<Build[]> {
  const { model, range, target, stage } = task;
  const sequence = await recorder.fence(tx, model.name, task.recorded.sequence(model.name), range);

  await expectStaged(tx, stage, task.rows);
  await changeColumns(tx, target, task.change, task.views);
  const columns = columnList(task.staged.columns.map((column) => column.name));
  if (task.changed.length > 0) {
    const replaced = rowsWithin(task.changed, model, calendar);
    await tx.query(sql`delete from ${ident(target)} where ${replaced}`);
    await tx.query(
      sql`insert into ${ident(target)} (${columns}) select ${columns} from ${ident(stage)} where ${replaced}`,
    );
  }
  const builds: Build[] = [];
  for (const [index, { from, until, version, rows, checksum }] of task.parts.entries()) {
    const part = { from, until };
    const build: NewBuild = {
      model: model.name,
      id: task.id,
      version,
      range: part,
      sqlHash: task.sqlHash,
      audits: task.audits,
      inputs: cutInputs(task.inputs, (input) => readRange(model.windowing, input, part, calendar)),
      horizon: task.horizon,
      grain: model.windowing.grain,
      timezone: calendar.timezone,
      rows,
      checksum,
      runId,
    };
    await recorder.addBuild(tx, build, sequence + index);
    builds.push({ ...build, sequence: sequence + index });
  }
  return builds;
}

/** The rows of some stretches of whole windows. */
function rowsWithin(ranges: readonly Range[], model: WindowTask['model'], calendar: Calendar): Statement {
  const time = sql.ident(model.windowing.timeColumn);
  const edge = (instant: number) => raw(edgeLiteral(instant, model, calendar));
  return sql.join(
    ranges.map(({ from, until }) => sql`(${time} >= ${edge(from)} and ${time} < ${edge(until)})`),
    ' OR ',
  );
}

async function createTarget(
  database: Database,
  target: RelationName,
  stage: RelationName,
  schema: string,
  timeColumn: string,
): Promise<void> {
  await ensureSchema(database, target.schema);
  await database.transaction(async (tx) => {
    // Two first builds may meet here: the second waits, and finds the table made.
    await lockName(tx, target, schema);
    if (await describeRelation(tx, target)) return;
    await tx.query(sql`create table ${ident(target)} (like ${ident(stage)})`);
    if (tx.dialect.indexes) await tx.query(sql`create index on ${ident(target)} (${sql.ident(timeColumn)})`);
  });
}

function checkTimeColumn(model: WindowTask['model'], staged: DescribedRelation): void {
  const { timeColumn } = model.windowing;
  if (staged.columns.some((column) => column.name === timeColumn)) return;
  const hint = didYouMean(
    timeColumn,
    staged.columns.map(({ name }) => name),
  );
  throw new Fault('invalid', `${model.name} has no column "${timeColumn}", which its header names as time_column`, {
    place: { file: model.path, ...model.placeOf(['time_column']) },
    ...(hint ? { hint } : {}),
  });
}

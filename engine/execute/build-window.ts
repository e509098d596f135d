import { edgeLiteral } from '../compile/edge.ts';
import { Fault } from '../fault.ts';
import { cutInputs } from '../plan/inputs.ts';
import { overlay } from '../plan/overlay.ts';
import type { Build, InputVersions, Recorded } from '../plan/record.ts';
import { readRange } from '../plan/standing.ts';
import type { Model, Windowing } from '../project/model.ts';
import type { Calendar } from '../time/grain.ts';
import type { Range } from '../time/range.ts';
import { type DescribedRelation, describeRelation, ensureSchema, type RelationName } from '../warehouse/catalogue.ts';
import { type Database, type Session, type Statement, sql } from '../warehouse/database.ts';
import { auditQuery, insideRange, runAudits } from './audit.ts';
import { compareWindows, type RecordPart, versionsOf } from './changed-windows.ts';
import type { Outcome } from './outcome.ts';
import type { NewBuild, Recorder } from './port.ts';
import { columnList, createStage, dropStage, fillStage, ident, newId, raw, relationName, stageName } from './stage.ts';

/** What building a range of windows needs. */
export interface WindowTools {
  readonly database: Database;
  readonly recorder: Recorder;
  readonly calendar: Calendar;
  /** Schema of the stages. */
  readonly schema: string;
  readonly runId: string;
  readonly signal: AbortSignal;
}

export interface WindowTask {
  readonly model: Model & { readonly windowing: Windowing };
  /** The SQL for the range. */
  readonly query: string;
  readonly sqlHash: string;
  readonly range: Range;
  /** As far as the model's windows are due. */
  readonly horizon: number;
  /** Read before the query runs: were an input published in between, the build would count as stale, never as current. */
  readonly inputs: Readonly<Record<string, InputVersions>>;
  readonly recorded: Recorded;
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
  const target = relationName(model.name);
  const edges = { from: edgeLiteral(range.from, model, calendar), until: edgeLiteral(range.until, model, calendar) };

  const found = await describeRelation(database, target);
  const staged = await createStage(database, stage, task.query, model, found);
  checkColumns(model, staged, found);
  const rows = await fillStage(database, staged, stage, task.query, signal);
  const failures = await runAudits(database, [
    insideRange(stage, model.windowing.timeColumn, edges.from, edges.until),
    ...model.audits.map((audit) => auditQuery(audit, stage)),
  ]);
  if (failures.some((failure) => failure.severity === 'error')) {
    return { kind: 'audit-failed', rows, failures, evidence: `${stage.schema}.${stage.name}` };
  }
  signal.throwIfAborted();

  if (!found) await createTarget(database, target, stage, model.windowing.timeColumn);
  const columns = staged.columns.map((column) => column.name);
  const earlier = overlay(task.recorded.builds(model.name)).map(({ build, ...part }) => ({
    ...part,
    version: build.version,
  }));
  const compared = await compareWindows(
    database,
    model,
    range,
    { stage, target: earlier.length > 0 ? target : undefined },
    columns,
    calendar,
  );
  const versions = versionsOf(compared, earlier, id);
  const builds = await database.transaction((tx) =>
    publish(tx, { ...task, ...versions, id, stage, target, staged }, tools),
  );
  await dropStage(database, stage);
  return {
    kind: 'built',
    rows,
    unchanged: versions.changed.length === 0,
    builds,
    loads: [],
    warnings: failures,
  };
}

interface Publication extends WindowTask {
  readonly id: string;
  readonly stage: RelationName;
  readonly target: RelationName;
  readonly staged: DescribedRelation;
  /** Windows whose rows are not what they were, and what is recorded of all. */
  readonly changed: readonly Range[];
  readonly parts: readonly RecordPart[];
}

async function publish(tx: Session, task: Publication, { recorder, calendar, runId }: WindowTools): Promise<Build[]> {
  const { model, range, target, stage } = task;
  // First of all statements: under snapshot isolation two replacements of an empty window would otherwise both commit.
  await tx.query(sql`lock table ${ident(target)} in share row exclusive mode`);
  const seen = task.recorded.builds(model.name).at(-1)?.sequence ?? 0;
  const sequence = await recorder.fence(tx, model.name, seen, range);

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
  timeColumn: string,
): Promise<void> {
  await ensureSchema(database, target.schema);
  await database.transaction(async (tx) => {
    // Two first builds may meet here: the second waits, and finds the table made.
    await tx.query(sql`select pg_advisory_xact_lock(hashtext(${`${target.schema}.${target.name}`}))`);
    if (await describeRelation(tx, target)) return;
    await tx.query(sql`create table ${ident(target)} (like ${ident(stage)})`);
    await tx.query(sql`create index on ${ident(target)} (${sql.ident(timeColumn)})`);
  });
}

/** An incremental table's columns are what its SQL gives, by name; another set needs a decision of a person. */
function checkColumns(model: Model, staged: DescribedRelation, found: DescribedRelation | undefined): void {
  const names = new Set(staged.columns.map((column) => column.name));
  const time = model.windowing?.timeColumn;
  if (time && !names.has(time)) {
    throw new Fault('invalid', `${model.name} has no column "${time}", which its header names as time_column`, {
      place: { file: model.path },
    });
  }
  if (!found) return;
  const there = new Set(found.columns.map((column) => column.name));
  const added = [...names.difference(there)];
  const gone = [...there.difference(names)];
  if (added.length === 0 && gone.length === 0) return;
  const changes = [added.length ? `new: ${added.join(', ')}` : '', gone.length ? `gone: ${gone.join(', ')}` : ''];
  throw new Fault(
    'failed',
    `the columns of ${model.name} are not those of its table (${changes.filter(Boolean).join('; ')})`,
    {
      place: { file: model.path },
      hint: `Drop the table ${model.name} and run again: the missing table is noticed and all its windows are built.`,
    },
  );
}

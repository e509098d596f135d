import { Fault } from '../fault.ts';
import type { InputVersions, Recorded } from '../plan/record.ts';
import type { Model } from '../project/model.ts';
import { describeRelation, ensureSchema, type RelationName } from '../warehouse/catalogue.ts';
import { type Database, type Session, sql } from '../warehouse/database.ts';
import { auditQuery, runAudits } from './audit.ts';
import type { AuditFailure, Outcome } from './outcome.ts';
import type { NewBuild, Recorder } from './port.ts';
import { type DependentView, lockName, replaceUnderViews, sameColumns, startsWith } from './replace.ts';
import { columnList, createStage, dropStage, fillStage, ident, newId, raw, relationName, stageName } from './stage.ts';

/** What building a view or a full table needs. */
export interface WholeTools {
  readonly database: Database;
  readonly recorder: Recorder;
  readonly schema: string;
  readonly runId: string;
  readonly signal: AbortSignal;
}

export interface WholeTask {
  readonly model: Model;
  readonly query: string;
  readonly sqlHash: string;
  readonly inputs: Readonly<Record<string, InputVersions>>;
  readonly recorded: Recorded;
  /** Our views that read this model, in the order of the graph. */
  readonly views: readonly DependentView[];
}

/** Builds a full table aside, audits it, and puts it in the old one's place together with its record. */
export async function buildTable(task: WholeTask, tools: WholeTools): Promise<Outcome> {
  const { database, schema, signal } = tools;
  const { model } = task;
  const id = newId();
  const stage = stageName(schema, id);
  const target = relationName(model.name);
  const staged = await createStage(database, stage, task.query, model, undefined);
  const rows = await fillStage(database, staged, stage, task.query, signal);
  const failures = await audit(database, model, stage);
  if (blocks(failures)) return auditFailed(rows, failures, stage);
  signal.throwIfAborted();

  const build = newBuild(task, tools, id, rows);
  await ensureSchema(database, target.schema);
  const sequence = await database.transaction(async (tx) => {
    await lockName(tx, target);
    const found = await describeRelation(tx, target);
    if (found?.kind === 'table') await tx.query(sql`lock table ${ident(target)} in share row exclusive mode`);
    const next = await fence(task, tools.recorder, tx);
    if (found?.kind === 'table' && sameColumns(found, staged)) {
      const columns = columnList(staged.columns.map((column) => column.name));
      await tx.query(sql`delete from ${ident(target)}`);
      await tx.query(sql`insert into ${ident(target)} (${columns}) select ${columns} from ${ident(stage)}`);
    } else {
      await replaceUnderViews(tx, target, found, task.views, async () => {
        await tx.query(sql`create table ${ident(target)} (like ${ident(stage)})`);
        await tx.query(sql`insert into ${ident(target)} select * from ${ident(stage)}`);
      });
    }
    await tools.recorder.addBuild(tx, build, next);
    return next;
  });
  await dropStage(database, stage);
  return built({ ...build, sequence }, rows, failures);
}

/** Defines a view. Its query and its audits are tried on a view aside before anybody's view is touched. */
export async function buildView(task: WholeTask, tools: WholeTools): Promise<Outcome> {
  const { database, schema, signal } = tools;
  const { model, query } = task;
  const id = newId();
  const stage = stageName(schema, id);
  const target = relationName(model.name);
  await database.query(sql`create view ${ident(stage)} as ${raw(query)}`);
  try {
    const staged = await describeRelation(database, stage);
    if (!staged) throw new Fault('bug', `the view ${stage.name} was made and is not there`);
    const failures = await audit(database, model, stage);
    if (blocks(failures)) return { kind: 'audit-failed', rows: 0, failures, evidence: model.name };
    signal.throwIfAborted();

    const build = newBuild(task, tools, id, 0);
    await ensureSchema(database, target.schema);
    const sequence = await database.transaction(async (tx) => {
      await lockName(tx, target);
      const next = await fence(task, tools.recorder, tx);
      const found = await describeRelation(tx, target);
      if (found?.kind === 'view' && startsWith(staged, found)) {
        await tx.query(sql`create or replace view ${ident(target)} as ${raw(query)}`);
      } else {
        await replaceUnderViews(tx, target, found, task.views, async () => {
          await tx.query(sql`create view ${ident(target)} as ${raw(query)}`);
        });
      }
      await tools.recorder.addBuild(tx, build, next);
      return next;
    });
    return built({ ...build, sequence }, 0, failures);
  } finally {
    await database.query(sql`drop view if exists ${ident(stage)}`);
  }
}

const audit = (session: Session, model: Model, table: RelationName): Promise<AuditFailure[]> =>
  runAudits(
    session,
    model.audits.map((one) => auditQuery(one, table)),
  );

const blocks = (failures: readonly AuditFailure[]) => failures.some((failure) => failure.severity === 'error');

function auditFailed(rows: number, failures: readonly AuditFailure[], stage: RelationName): Outcome {
  return { kind: 'audit-failed', rows, failures, evidence: `${stage.schema}.${stage.name}` };
}

function newBuild(task: WholeTask, tools: WholeTools, id: string, rows: number): NewBuild {
  return {
    model: task.model.name,
    id,
    version: id,
    sqlHash: task.sqlHash,
    inputs: task.inputs,
    rows,
    runId: tools.runId,
  };
}

function fence(task: WholeTask, recorder: Recorder, tx: Session): Promise<number> {
  const seen = task.recorded.builds(task.model.name).at(-1)?.sequence ?? 0;
  return recorder.fence(tx, task.model.name, seen);
}

function built(build: NewBuild & { readonly sequence: number }, rows: number, warnings: AuditFailure[]): Outcome {
  return { kind: 'built', rows, unchanged: false, builds: [build], loads: [], warnings };
}

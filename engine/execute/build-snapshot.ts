import { Fault } from '../fault.ts';
import type { Model, Snapshotting } from '../project/model.ts';
import { type DescribedRelation, describeRelation, ensureSchema, type RelationName } from '../warehouse/catalogue.ts';
import { type Session, type Statement, sql } from '../warehouse/database.ts';
import { changeColumns, changeOf, checkContract, widenTexts } from './columns.ts';
import type { Outcome } from './outcome.ts';
import { lockRelation } from './replace.ts';
import { columnList, createStage, expectStaged, fillStage, ident, newId, raw, stageGuard, stageName } from './stage.ts';
import { auditFailed, auditStage, blocks, publishWhole, type WholeTask, type WholeTools } from './whole.ts';

/** The columns that a snapshot has beside those of its query: a row holds in [valid_from, valid_until); null = still. */
const from = 'valid_from';
const until = 'valid_until';

/**
 * Takes a snapshot (a slowly changing dimension, type 2): rows that are new or changed begin, and what they replace ends,
 * in one short transaction. Nothing that was ever recorded is lost: a snapshot is not rebuilt, whatever changes.
 */
export async function buildSnapshot(task: WholeTask, tools: WholeTools): Promise<Outcome> {
  const { database, schema, signal, calendar } = tools;
  const { model } = task;
  const { snapshotting } = model;
  if (!snapshotting) throw new Fault('bug', `${model.name} is no snapshot`);
  const id = newId();
  const stage = stageName(schema, id);
  const target = tools.own(model.name);
  const found = withoutTimes(await describeRelation(database, target));
  await using guard = stageGuard(database, stage);
  const staged = await createStage(database, stage, task.query, model, {
    use: 'copied',
    like: found,
    check: checkContract,
  });
  checkNames(model, staged, snapshotting);
  const change = found
    ? await widenTexts(database, target, changeOf(model, staged.columns, found.columns, false))
    : ({ kind: 'none' } as const);
  const rows = await fillStage(database, staged, stage, task.query, signal);
  const failures = await auditStage(task, tools, id, staged);
  if (blocks(failures)) {
    await expectStaged(database, stage, rows);
    await guard.keep();
    return auditFailed(rows, failures, stage);
  }
  signal.throwIfAborted();

  await ensureSchema(database, target.schema);
  const last = task.recorded.builds(model.name).at(-1);
  // Awaited here: the guard drops the stage when this ends.
  return await publishWhole(
    task,
    tools,
    { id, rows, warnings: failures },
    (tx) => lockRelation(tx, target, schema),
    async (tx) => {
      await expectStaged(tx, stage, rows);
      if (!found) await createTarget(tx, target, stage);
      await changeColumns(tx, target, change, task.views);
      const moved = await move(tx, { model, snapshotting, stage, target, staged, timezone: calendar.timezone });
      return moved === 0 ? last?.version : undefined;
    },
  );
}

interface Move {
  readonly model: Model;
  readonly snapshotting: Snapshotting;
  readonly stage: RelationName;
  readonly target: RelationName;
  readonly staged: DescribedRelation;
  readonly timezone: string;
}

/** Ends what is gone or changed, begins what is new or changed; returns how many rows ended or began. */
async function move(tx: Session, { model, snapshotting, stage, target, staged, timezone }: Move): Promise<number> {
  const { by, hardDeletes } = snapshotting;
  const names = staged.columns.map((column) => column.name);
  const same = sql.join(
    model.uniqueKey.map((name) => sql`t.${sql.ident(name)} = s.${sql.ident(name)}`),
    ' AND ',
  );
  const [now] = await tx.query<{ at: string }>(sql`select ${tx.dialect.now} as at`);
  const at = sql`${now?.at}::timestamptz`;
  const begins = by.kind === 'updated' ? instantOf(staged, by.column, timezone) : at;
  const compared = by.kind === 'columns' ? (by.columns === 'all' ? names : by.columns) : [];
  const changed =
    by.kind === 'updated' ? sql`${begins} > t.${sql.ident(from)}` : sql.join(compared.map(differs), ' OR ');
  const open = sql`t.${sql.ident(until)} is null`;
  const [ofTarget, ofStage] = [sql`${ident(target)} t`, sql`${ident(stage)} s`];

  let moved = 0;
  /** What is not there to be moved is not written either; and not every server tells how much it has written. */
  const moveIf = async (rows: Statement, write: Statement) => {
    const [found] = await tx.query<{ moved: string }>(sql`select count(*) as moved from ${rows}`);
    if (Number(found?.moved) > 0) await tx.query(write);
    moved += Number(found?.moved);
  };
  if (hardDeletes === 'close') {
    const gone = sql`${open} and not exists (select 1 from ${ofStage} where ${same})`;
    await moveIf(sql`${ofTarget} where ${gone}`, sql`update ${ofTarget} set ${sql.ident(until)} = ${at} where ${gone}`);
  }
  const ending = sql`${open} and ${same} and (${changed})`;
  await moveIf(
    sql`${ofTarget}, ${ofStage} where ${ending}`,
    sql`update ${ofTarget} set ${sql.ident(until)} = ${begins} from ${ofStage} where ${ending}`,
  );
  // A row that comes back does not begin before its earlier life ended.
  const key = columnList(model.uniqueKey);
  const ended = sql`(select ${key}, max(${sql.ident(until)}) as ended from ${ident(target)} group by ${key}) t`;
  const isNew = sql`not exists (select 1 from ${ofTarget} where ${open} and ${same})`;
  await moveIf(
    sql`${ofStage} where ${isNew}`,
    sql`insert into ${ident(target)} (${columnList(names)}, ${sql.ident(from)})
        select ${columnsOf('s', names)}, greatest(${begins}, t.ended) from ${ofStage} left join ${ended} on ${same}
        where ${isNew}`,
  );
  return moved;
}

/** Whether a column of the stage is not what it is in the table; two nulls are alike. */
function differs(name: string): Statement {
  const [s, t] = [sql`s.${sql.ident(name)}`, sql`t.${sql.ident(name)}`];
  return sql`${s} <> ${t} or (${s} is null and ${t} is not null) or (${s} is not null and ${t} is null)`;
}

function columnsOf(alias: 's' | 't', names: readonly string[]): Statement {
  return sql.join(
    names.map((name) => sql`${raw(alias)}.${sql.ident(name)}`),
    ', ',
  );
}

/** A column of the stage as an instant; what has no zone is wall time of the business zone. */
function instantOf(staged: DescribedRelation, name: string, timezone: string): Statement {
  const column = sql`s.${sql.ident(name)}`;
  const kind = staged.columns.find((one) => one.name === name)?.kind;
  return kind === 'timestamptz' ? column : sql`(${column}::timestamp at time zone ${timezone})`;
}

async function createTarget(tx: Session, target: RelationName, stage: RelationName): Promise<void> {
  await tx.query(sql`create table ${ident(target)} (like ${ident(stage)})`);
  // Without "not null", which not every server adds to a table that there is.
  for (const column of [from, until]) {
    await tx.query(sql`alter table ${ident(target)} add column ${sql.ident(column)} timestamptz`);
  }
}

/** The columns of the query, as the table has them. */
function withoutTimes(found: DescribedRelation | undefined): DescribedRelation | undefined {
  return found && { ...found, columns: found.columns.filter(({ name }) => name !== from && name !== until) };
}

function checkNames(model: Model, staged: DescribedRelation, { by }: Snapshotting): void {
  const names = new Set(staged.columns.map(({ name }) => name));
  const asked = by.kind === 'updated' ? [by.column] : by.columns === 'all' ? [] : by.columns;
  const lacking = [...model.uniqueKey, ...asked].find((name) => !names.has(name));
  const taken = [from, until].find((name) => names.has(name));
  if (lacking === undefined && taken === undefined) return;
  const message =
    lacking === undefined
      ? `${model.name} gives a column "${taken}", which a snapshot has of its own`
      : `${model.name} has no column "${lacking}", which its header names`;
  throw new Fault('invalid', message, { place: { file: model.path } });
}

import { randomBytes } from 'node:crypto';
import { Fault } from '../fault.ts';
import type { Model } from '../project/model.ts';
import {
  type DescribedRelation,
  describeRelation,
  type RelationColumn,
  type RelationName,
  relationsIn,
} from '../warehouse/catalogue.ts';
import { type Database, type Session, type Statement, sql } from '../warehouse/database.ts';

/** `kpi.store_daily` as its two names. */
export function relationName(name: string): RelationName {
  const [schema = '', table = ''] = name.split('.');
  return { schema, name: table };
}

/** A relation in a statement, quoted. */
export function ident({ schema, name }: RelationName): Statement {
  return sql.ident(schema, name);
}

/** Text that is SQL itself: a model's compiled query, a declared type, a window's edge. Never data. */
export function raw(text: string): Statement {
  return sql.__dangerous__rawValue(text);
}

/** A list of columns, quoted. */
export function columnList(columns: readonly string[]): Statement {
  return sql.join(
    columns.map((column) => sql.ident(column)),
    ', ',
  );
}

/** A column of a table in a statement that names several. */
export function columnOf({ schema, name }: RelationName, column: string): Statement {
  return sql.ident(schema, name, column);
}

/** What holds for rows of two tables that agree in some columns. Without aliases, which not every DELETE takes. */
export function sameKey(one: RelationName, other: RelationName, key: readonly string[]): Statement {
  return sql.join(
    key.map((column) => sql`${columnOf(one, column)} = ${columnOf(other, column)}`),
    ' AND ',
  );
}

/** A short name that nothing else has and that sorts by time: of builds, loads, stages and runs. */
export function newId(now: number = Date.now()): string {
  return `${now.toString(36)}${randomBytes(5).toString('hex')}`;
}

/** Where a build is computed, out of everybody's sight. */
export function stageName(schema: string, buildId: string): RelationName {
  return { schema, name: `stage_${buildId}` };
}

/** A table that stands for a while beside the one it is made for, or was. */
export const besideName = (what: 'stage' | 'old', buildId: string): string => `tiffin_${what}_${buildId}`;

/** How a stage is made. */
export interface StageMaking {
  /**
   * `copied`: its rows will be copied to where they belong, so that they are not written to the server's log before; a
   * server that crashes empties it, and `expectStaged` notices. `moved`: the stage itself will be the table.
   */
  readonly use: 'copied' | 'moved';
  /** Types of columns whose type the header does not declare. */
  readonly like: DescribedRelation | undefined;
  /** Sees what the query itself gives. */
  check(session: Session, model: Model, given: DescribedRelation): Promise<void>;
}

/**
 * Creates a build's empty stage: the columns its query gives, in the types that the header declares, else that `like` has,
 * else that the query gives. Comparing and inserting then need no casts.
 */
export async function createStage(
  session: Session,
  stage: RelationName,
  query: string,
  model: Model,
  { use, like, check }: StageMaking,
): Promise<DescribedRelation> {
  const kind = raw(use === 'copied' && session.dialect.alters ? 'unlogged table' : 'table');
  await session.query(sql`create ${kind} ${ident(stage)} as select * from (\n${raw(query)}\n) as query where false`);
  const given = await existing(session, stage);
  await check(session, model, given);
  const usual = new Map(like?.columns.map((column) => [column.name, column.type]));
  const wantedType = ({ name, type }: RelationColumn) => model.columns[name]?.type ?? usual.get(name) ?? type;
  const casts = given.columns.flatMap((column) => {
    const { name, type } = column;
    const wanted = wantedType(column);
    return wanted === type ? [] : [{ column: sql.ident(name), type: raw(wanted) }];
  });
  if (!session.dialect.alters) return remake(session, stage, given, wantedType, model);
  if (casts.length === 0) return given;
  const alterations = casts.map(
    ({ column, type }) => sql`alter column ${column} type ${type} using ${column}::${type}`,
  );
  await session.query(sql`alter table ${ident(stage)} ${sql.join(alterations, ', ')}`);
  return existing(session, stage);
}

/** A text's type may grow by itself: of two sizes of varchar the longer. */
function widest(given: string, wanted: string): string {
  const size = (type: string) => Number(/^character varying\((\d+)\)$/.exec(type)?.[1]);
  return size(given) > size(wanted) ? given : wanted;
}

/** Where a column's type cannot be altered, the stage is made again, empty as it is; and lies as the header says. */
async function remake(
  session: Session,
  stage: RelationName,
  given: DescribedRelation,
  wantedType: (column: RelationColumn) => string,
  { layout }: Model,
): Promise<DescribedRelation> {
  const columns = given.columns.map((column) => ({ name: column.name, type: widest(column.type, wantedType(column)) }));
  if (!layout && columns.every(({ type }, index) => type === given.columns[index]?.type)) return given;
  await session.query(sql`drop table ${ident(stage)}`);
  await session.query(session.dialect.createTable(stage, columns, layout));
  return existing(session, stage);
}

async function existing(session: Session, name: RelationName): Promise<DescribedRelation> {
  const relation = await describeRelation(session, name);
  if (!relation) throw new Fault('bug', `${name.schema}.${name.name} was made and is not there`);
  return relation;
}

/** Fills a stage from the model's query; long, cancellable, outside any lock. */
export async function fillStage(
  database: Database,
  stage: DescribedRelation,
  name: RelationName,
  query: string,
  signal: AbortSignal,
): Promise<number> {
  const columns = columnList(stage.columns.map((column) => column.name));
  const { rowCount } = await database.run(sql`insert into ${ident(name)} (${columns})\n${raw(query)}`, signal);
  return rowCount;
}

/**
 * Throws, to have the build computed again, when a stage does not hold its rows any more: the server has crashed meanwhile.
 * Asked in the transaction that is about to publish them: that one would not outlive a crash.
 */
export async function expectStaged(tx: Session, stage: RelationName, rows: number): Promise<void> {
  if (rows === 0) return;
  const [row] = await tx.query(sql`select 1 from ${ident(stage)} limit 1`);
  if (!row) throw stageLost();
}

/** A fault that another try of the whole build mends, and another try of publishing does not. */
export function stageLost(): Fault {
  return new Fault('unreachable', 'The server has restarted and lost what was computed aside.', { cause: lostStage });
}

export const isStageLost = (error: unknown): boolean => error instanceof Fault && error.cause === lostStage;

const lostStage = { kind: 'stage lost' } as const;

/** A stage that is removed when this is disposed, unless it is kept as evidence. */
export interface StageGuard extends AsyncDisposable {
  keep(): Promise<void>;
}

/** Watches over a stage that is about to be made. What cannot be removed in the end, a later run sweeps. */
export function stageGuard(session: Session, stage: RelationName, kind: 'table' | 'view' = 'table'): StageGuard {
  let kept = false;
  return {
    async keep() {
      kept = true;
      // Evidence outlives a crash of the server.
      if (session.dialect.alters) await session.query(sql`alter table ${ident(stage)} set logged`);
    },
    async [Symbol.asyncDispose]() {
      if (!kept) await session.query(sql`drop ${raw(kind)} if exists ${ident(stage)}`).catch(() => {});
    },
  };
}

/** Removes a stage or another table made beside it. */
export async function dropStage(session: Session, stage: RelationName): Promise<void> {
  await session.query(sql`drop table if exists ${ident(stage)}`);
}

/** Stages and failing rows are evidence of failed audits, and leftovers of killed runs, for so long. No build takes longer. */
const keptDays = 3;

/** Drops the stages that are older than anybody needs, in the record's schema and beside tables. Their names tell their age. */
export async function sweepStages(
  session: Session,
  recordSchema: string,
  schemas: readonly string[],
  now: number,
): Promise<void> {
  const oldest = newId(now - keptDays * 86_400_000);
  for (const { schema, name, kind } of await relationsIn(session, [recordSchema, ...schemas])) {
    const pattern = schema === recordSchema ? /^(?:stage|failing)_(.*)$/ : /^tiffin_(?:stage|old)_(.*)$/;
    const id = pattern.exec(name)?.[1];
    if (id === undefined || id >= oldest) continue;
    await session.query(sql`drop ${raw(kind)} if exists ${ident({ schema, name })}`);
  }
}

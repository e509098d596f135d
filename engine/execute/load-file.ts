import { Fault, messageOf } from '../fault.ts';
import { loadOf } from '../plan/loaded.ts';
import type { Recorded } from '../plan/record.ts';
import type { FoundFile } from '../plan/step.ts';
import type { Source } from '../project/source.ts';
import { missingHeading, openCsv, readHeadings, skipHeadings } from '../source/csv.ts';
import { type ReadProgress, tellReading } from '../source/read-progress.ts';
import type { Calendar } from '../time/grain.ts';
import { civilDayAt, showDay } from '../time/zone.ts';
import { type DescribedRelation, describeRelation, ensureSchema, type RelationName } from '../warehouse/catalogue.ts';
import { type Database, type Session, sql } from '../warehouse/database.ts';
import { timeLiteral } from '../warehouse/dialect.ts';
import { sqlStateOf } from '../warehouse/sql-error.ts';
import { forgetBadRows, loadReadable, type SetAside } from './bad-rows.ts';
import type { Outcome } from './outcome.ts';
import { alsoTouching, settleOverlap } from './overlap.ts';
import type { Patience } from './patience.ts';
import type { NewLoad, Own, Recorder } from './port.ts';
import { publish } from './publish.ts';
import { type DependentView, lockName, replaceUnderViews } from './replace.ts';
import { columnList, ident, newId, raw, stageGuard, stageName } from './stage.ts';

export interface LoadTools {
  readonly own: Own;
  readonly database: Database;
  readonly recorder: Recorder;
  readonly calendar: Calendar;
  readonly schema: string;
  readonly runId: string;
  readonly patience: Patience;
  readonly signal: AbortSignal;
  /** Told now and then how far the file has been read. */
  readonly reading: (progress: ReadProgress) => void;
}

/** Column of every loaded table that names the file a row came from; a file's rows are replaced together. */
export const fileColumn = 'tiffin_file';

/**
 * Streams one file into a stage by COPY and replaces that file's rows in the source's table, in one transaction with its
 * record. Throws `Fault` failed naming file, line and column of a row that cannot be read.
 */
export async function loadFile(
  source: Source,
  file: FoundFile,
  recorded: Recorded,
  views: readonly DependentView[],
  tools: LoadTools,
): Promise<Outcome> {
  const { database, recorder, signal } = tools;
  const id = newId();
  const stage = stageName(tools.schema, id);
  const target = tools.own(source.name);
  const columns = Object.keys(source.columns);

  const layout = await layoutOf(source, file.path, database.dialect.longText);
  await using _ = stageGuard(database, stage);
  await database.query(sql`create table ${ident(stage)} (${sql.join(layout.definitions, ', ')})`);
  const { rows, warnings } = await fill(source, file, layout, { id, schema: tools.schema, stage }, tools);
  await checkWindow(database, stage, source, file, tools.calendar);
  signal.throwIfAborted();

  const load: NewLoad = {
    ...loadOf(file, id, 0),
    ...(file.days ? { days: file.days } : {}),
    rows,
    runId: tools.runId,
  };
  await ensureSchema(database, target.schema);
  const done = await publish(
    id,
    tools,
    async (tx) => {
      await lockName(tx, target, tools.schema);
      await createTarget(tx, source, target);
      await tx.query(tx.dialect.lockTable(target));
    },
    async (tx) => {
      const next = await recorder.fence(tx, source.name, recorded.sequence(source.name));
      if (source.seed) await takeColumns(tx, source, target, stage, views);
      await tx.query(sql`delete from ${ident(target)} where ${sql.ident(fileColumn)} = ${file.file}`);
      const replaced = await settleOverlap(tx, source, file, { target, stage, fileColumn }, tools.calendar);
      await tx.query(
        sql`insert into ${ident(target)} (${columnList(columns)}, ${sql.ident(fileColumn)})
            select ${columnList(columns)}, ${file.file} from ${ident(stage)}`,
      );
      if (warnings.length === 0) await forgetBadRows(tx, tools.schema, source.name, file.file);
      const whole = { ...load, ...(load.segments ? { segments: alsoTouching(load.segments, replaced, id) } : {}) };
      await recorder.addLoad(tx, whole, next);
      return { builds: [], loads: [{ ...whole, sequence: next }] };
    },
  );
  return { kind: 'built', rows, unchanged: false, ...done, warnings };
}

/** A seed's file holds all its rows, so that a table with other columns than it has now may be made anew. */
async function takeColumns(
  tx: Session,
  source: Source,
  target: RelationName,
  stage: RelationName,
  views: readonly DependentView[],
): Promise<void> {
  const found = await describeRelation(tx, target);
  const staged = await describeRelation(tx, stage);
  const shape = (relation: DescribedRelation | undefined) =>
    relation?.columns.filter(({ name }) => name !== fileColumn).map(({ name, type }) => `${name} ${type}`);
  if (String(shape(found)) === String(shape(staged))) return;
  await replaceUnderViews(tx, target, found, views, () => createTarget(tx, source, target));
}

/** The stage's columns in the file's own order: the declared ones typed, the others as text that nobody reads. */
async function layoutOf(source: Source, path: string, textType: string) {
  const headings = await readHeadings(path);
  const byHeading = new Map(
    Object.entries(source.columns).map(([name, column]) => [column.from ?? name, { name, ...column }]),
  );
  for (const heading of byHeading.keys())
    if (!headings.includes(heading)) throw missingHeading(path, heading, headings);
  const columns = headings.map((heading, index) => {
    const column = byHeading.get(heading);
    return column ? { name: column.name, type: column.type } : { name: `unread_${index + 1}`, type: textType };
  });
  return {
    columns,
    definitions: columns.map((column) => sql`${sql.ident(column.name)} ${raw(column.type)}`),
  };
}

/** Fills the stage by COPY; where that meets a row it cannot read, row by row. */
async function fill(
  source: Source,
  file: FoundFile,
  layout: Awaited<ReturnType<typeof layoutOf>>,
  load: { readonly id: string; readonly schema: string; readonly stage: RelationName },
  { database, signal, reading }: LoadTools,
): Promise<SetAside> {
  const names = layout.columns.map((column) => column.name);
  try {
    return { rows: await copy(database, load.stage, names, file, signal, reading), warnings: [] };
  } catch (error) {
    if (!isOfData(error)) throw error;
    return await loadReadable(source, file, layout, load, database, signal);
  }
}

/** Whether a row is at fault: class 22 of SQLSTATE, a value or its shape; Redshift has one message for all of these. */
function isOfData(error: unknown): boolean {
  return sqlStateOf(error)?.startsWith('22') || /Load into table .* failed|fields where/.test(messageOf(error));
}

async function copy(
  database: Database,
  stage: RelationName,
  columns: readonly string[],
  file: FoundFile,
  signal: AbortSignal,
  reading: LoadTools['reading'],
): Promise<number> {
  using watch = new DisposableStack();
  const text = openCsv(file.path, (opened) => void watch.use(tellReading(opened, file.size, reading)));
  const rows = skipHeadings();
  text.on('error', (error) => rows.destroy(error));
  try {
    return (await database.copyIn(stage, columns, text.pipe(rows), signal)).rowCount;
  } finally {
    text.destroy();
  }
}

/** A file whose name declares its window may hold no other dates: they would be rows that no coverage tells of. */
async function checkWindow(
  database: Database,
  stage: RelationName,
  source: Source,
  file: FoundFile,
  calendar: Calendar,
): Promise<void> {
  if (!source.timeColumn || !file.range) return;
  const column = sql.ident(source.timeColumn);
  const type = source.columns[source.timeColumn]?.type ?? 'date';
  const edge = (instant: number) => raw(sourceEdge(instant, type, calendar));
  const [outside] = await database.query<{ count: string; example: string }>(
    sql`select count(*) as count, min(${column}::text) as example from ${ident(stage)}
        where ${column} is null or ${column} < ${edge(file.range.from)} or ${column} >= ${edge(file.range.until)}`,
  );
  if (!outside || outside.count === '0') return;
  throw new Fault(
    'failed',
    `${outside.count === '1' ? 'a row has' : `${outside.count} rows have`} a ${source.timeColumn} outside the window that the file's name declares, such as ${outside.example}`,
    { place: { file: file.path }, hint: 'Nothing of this file was loaded.' },
  );
}

function sourceEdge(instant: number, type: string, calendar: Calendar): string {
  const day = showDay(civilDayAt(calendar.timezone, instant));
  return type.startsWith('timestamptz')
    ? timeLiteral('timestamptz', new Date(instant).toISOString())
    : `${type} '${day}'`;
}

async function createTarget(tx: Session, source: Source, target: RelationName): Promise<void> {
  if (await describeRelation(tx, target)) return;
  const definitions = Object.entries(source.columns).map(([name, { type }]) => sql`${sql.ident(name)} ${raw(type)}`);
  await tx.query(
    sql`create table ${ident(target)} (${sql.join(definitions, ', ')}, ${sql.ident(fileColumn)} varchar(1024) not null)`,
  );
  if (!tx.dialect.indexes) return;
  await tx.query(sql`create index on ${ident(target)} (${sql.ident(fileColumn)})`);
  if (source.timeColumn) await tx.query(sql`create index on ${ident(target)} (${sql.ident(source.timeColumn)})`);
}

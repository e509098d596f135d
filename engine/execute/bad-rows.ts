import { Fault } from '../fault.ts';
import type { FoundFile } from '../plan/step.ts';
import type { Source } from '../project/source.ts';
import { type MisshapenRow, numberedRows } from '../source/rows.ts';
import type { RelationName } from '../warehouse/catalogue.ts';
import { type Database, type Session, type Statement, sql } from '../warehouse/database.ts';
import type { AuditFailure } from './outcome.ts';
import { columnList, dropStage, ident, raw } from './stage.ts';

/** Where rows that cannot be read are kept: beside the record, by source, file and line. */
export const badRowsTable = 'bad_rows';

export interface SetAside {
  /** Rows that could be read, now in the stage. */
  readonly rows: number;
  readonly warnings: readonly AuditFailure[];
}

/** A stage's columns in the file's order, with their types. */
interface Layout {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/**
 * Fills a stage from a file that COPY has refused: reads it row by row, and keeps aside those that do not fit the columns,
 * with line and reason. Throws `Fault` failed when they are more than `max_bad_rows`; they are kept all the same.
 */
export async function loadReadable(
  source: Source,
  file: FoundFile,
  layout: Layout,
  load: { readonly id: string; readonly schema: string; readonly stage: RelationName },
  database: Database,
  signal: AbortSignal,
): Promise<SetAside> {
  const { columns } = layout;
  const kept: RelationName = { schema: load.schema, name: badRowsTable };
  const text: RelationName = { schema: load.schema, name: `${load.stage.name}_text` };
  const names = columns.map((column) => column.name);
  const { dialect } = database;
  const texts = names.map((name) => ({ name, type: dialect.longText }));
  await database.query(dialect.createTable(text, [{ name: 'tiffin_line', type: 'bigint' }, ...texts], undefined));
  try {
    const misshapen: MisshapenRow[] = [];
    const rows = numberedRows(file.path, columns.length, (row) => misshapen.push(row));
    await database.copyIn(text, ['tiffin_line', ...names], rows, signal);
    await forgetBadRows(database, load.schema, source.name, file.file);
    await keepMisshapen(database, kept, source, file, load.id, columns.length, misshapen);
    const typed = columns.filter((column) => column.type !== 'text' && column.type !== dialect.longText);
    const reader = dialect.makeReader(load.schema);
    if (reader) await define(database, load.schema, reader);
    const invalid = typed.map(({ name, type }) => dialect.isUnreadable(sql.ident(name), type, load.schema));
    const isBad = invalid.length > 0 ? sql.join(invalid, ' OR ') : sql`false`;
    const reasons = typed.map(
      ({ name, type }) =>
        sql`case when ${dialect.isUnreadable(sql.ident(name), type, load.schema)}
            then ${`${name}: `} || ${dialect.whyUnreadable(sql.ident(name), type, load.schema)} end`,
    );
    if (reasons.length > 0) {
      const reason = sql`coalesce(${sql.join(reasons, ', ')})`;
      await database.query(
        sql`insert into ${ident(kept)} (source, file, load_id, line, reason, row_text, found_at)
            select ${source.name}, ${file.file}, ${load.id}, tiffin_line, ${reason},
                   ${dialect.rowOfTexts(names)}, ${dialect.now}
            from ${ident(text)} t where ${isBad}`,
      );
    }
    const warnings = await judge(database, kept, source, file, load);
    const casts = columns.map(({ name, type }) => sql`${sql.ident(name)}::${raw(type)}`);
    const { rowCount } = await database.run(
      sql`insert into ${ident(load.stage)} (${columnList(names)})
          select ${sql.join(casts, ', ')} from ${ident(text)} where not (${isBad})`,
      signal,
    );
    return { rows: rowCount, warnings };
  } finally {
    await dropStage(database, text);
  }
}

/** Two loads at once may not define one function. */
async function define(database: Database, schema: string, reader: Statement): Promise<void> {
  await database.transaction(async (session) => {
    await session.query(session.dialect.lockDefinition({ schema, name: badRowsTable }, schema));
    await session.query(reader);
  });
}

/** Forgets what was kept aside of a file; it is about to be loaded again. */
export async function forgetBadRows(session: Session, schema: string, source: string, file: string): Promise<void> {
  const kept = ident({ schema, name: badRowsTable });
  await session.query(sql`delete from ${kept} where source = ${source} and file = ${file}`);
}

async function keepMisshapen(
  session: Session,
  kept: RelationName,
  source: Source,
  file: FoundFile,
  loadId: string,
  wanted: number,
  rows: readonly MisshapenRow[],
): Promise<void> {
  for (const { line, text, fields } of rows) {
    const reason = `${fields} fields where the headings are ${wanted}`;
    await session.query(
      sql`insert into ${ident(kept)} (source, file, load_id, line, reason, row_text, found_at)
          values (${source.name}, ${file.file}, ${loadId}, ${line}, ${reason}, ${text}, ${session.dialect.now})`,
    );
  }
}

/** The rows kept aside as a warning, or a fault when they are more than the source allows. */
async function judge(
  session: Session,
  kept: RelationName,
  source: Source,
  file: FoundFile,
  load: { readonly id: string },
): Promise<AuditFailure[]> {
  const rows = await session.query<{ line: string; reason: string; count: string }>(
    sql`select line, reason, count(*) over () as count from ${ident(kept)} where load_id = ${load.id} order by line limit 20`,
  );
  const [first] = rows;
  if (!first) return [];
  const count = Number(first.count);
  if (count > source.maxBadRows) {
    const others = rows.slice(1, 5).map(({ line, reason }) => `line ${line}: ${reason}`);
    throw new Fault(
      'failed',
      [`${count === 1 ? 'a row' : `${count} rows`} cannot be read: ${first.reason}`, ...others].join('\n'),
      {
        place: { file: file.path, line: Number(first.line) },
        hint: `Nothing of this file was loaded. The rows are kept in ${kept.schema}.${kept.name}; mend them, or the types in sources.yml, or allow some by max_bad_rows.`,
      },
    );
  }
  const shown = rows.map(({ line, reason }) => ({ file: file.file, line: Number(line), reason }));
  return [
    { audit: 'rows that cannot be read', severity: 'warn', count, rows: shown, kept: `${kept.schema}.${kept.name}` },
  ];
}

import { ensureSchema, findRelation, type RelationName } from '../warehouse/catalogue.ts';
import { type Database, type Session, type Statement, sql } from '../warehouse/database.ts';

/** The schema of a record and its stage tables, in the warehouse beside the data; `recordName` names the record. */
export function recordSchema(record: string): string {
  return `tiffin_${record}`;
}

/** A column that came with a later version has no "not null": it is added to the tables that there are. */
const tables = {
  builds: {
    model: 'varchar(127) not null',
    sequence: 'bigint not null',
    build_id: 'varchar(40) not null',
    version: 'varchar(40) not null',
    from_at: 'timestamptz',
    until_at: 'timestamptz',
    grain: 'varchar(10)',
    time_zone: 'varchar(64)',
    sql_hash: 'varchar(64) not null',
    inputs: 'long not null',
    row_count: 'bigint not null',
    checksum: 'varchar(64)',
    run_id: 'varchar(40) not null',
    built_at: 'timestamptz not null',
    horizon_at: 'timestamptz',
    relation_id: 'varchar(40)',
    audits: 'long',
  },
  loads: {
    source: 'varchar(127) not null',
    sequence: 'bigint not null',
    load_id: 'varchar(40) not null',
    file: 'varchar(1024) not null',
    sha256: 'varchar(64) not null',
    bytes: 'bigint not null',
    modified_ms: 'bigint not null',
    from_at: 'timestamptz',
    until_at: 'timestamptz',
    row_count: 'bigint not null',
    run_id: 'varchar(40) not null',
    loaded_at: 'timestamptz not null',
    segments: 'long',
    days: 'long',
    relation_id: 'varchar(40)',
  },
  audit_passes: {
    model: 'varchar(127) not null',
    build_id: 'varchar(40) not null',
    from_at: 'timestamptz',
    until_at: 'timestamptz',
    audits: 'long not null',
    run_id: 'varchar(40) not null',
    passed_at: 'timestamptz not null',
  },
  bad_rows: {
    source: 'varchar(127) not null',
    file: 'varchar(1024) not null',
    load_id: 'varchar(40) not null',
    line: 'bigint not null',
    reason: 'long not null',
    row_text: 'long not null',
    found_at: 'timestamptz not null',
  },
} as const;

/** Whether a record is there, with all that this version of the engine reads of it. */
export async function isPrepared(session: Session, record: string): Promise<boolean> {
  return (await missingColumns(session, recordSchema(record))).length === 0;
}

/**
 * Creates the record's tables and columns where they are missing. Insert-only tables without constraints that Redshift
 * would not enforce: correctness comes from the lock on the target and the fence, not from a unique index.
 */
export async function prepareRecord(database: Database, record: string): Promise<void> {
  const schema = recordSchema(record);
  if ((await missingColumns(database, schema)).length === 0) return;
  await ensureSchema(database, schema);
  const { definitionsTable } = database.dialect;
  if (definitionsTable) await ensureDefinitions(database, { schema, name: definitionsTable });
  await database.transaction(async (tx) => {
    // Two first runs may meet here; "if not exists" alone still collides in PostgreSQL's catalogue.
    await tx.query(tx.dialect.lockDefinition({ schema, name: '' }, schema));
    for (const [table, columns] of Object.entries(tables)) {
      const definitions = Object.entries(columns).map(([name, type]) => sql`${sql.ident(name)} ${typeFor(tx, type)}`);
      await tx.query(sql`create table if not exists ${sql.ident(schema, table)} (${sql.join(definitions, ', ')})`);
    }
    for (const { table, name, type } of await missingColumns(tx, schema)) {
      await tx.query(sql`alter table ${sql.ident(schema, table)} add column ${sql.ident(name)} ${typeFor(tx, type)}`);
    }
  });
}

/** `long` is the longest text that the server has. */
const typeFor = ({ dialect }: Session, type: string): Statement =>
  sql.__dangerous__rawValue(type.replace(/^long/, dialect.longText));

/** The table whose lock lets one at a time define things: two that make it at once may collide, and then it is there. */
async function ensureDefinitions(database: Database, table: RelationName): Promise<void> {
  if (await findRelation(database, table)) return;
  try {
    await database.query(database.dialect.createTable(table, [{ name: 'nothing', type: 'boolean' }], undefined));
  } catch (error) {
    if (!(await findRelation(database, table))) throw error;
  }
}

async function missingColumns(session: Session, schema: string) {
  const found = await session.query<{ table_name: string; column_name: string }>(
    sql`select table_name, column_name from information_schema.columns where table_schema = ${schema}`,
  );
  const there = new Set(found.map((one) => `${one.table_name}.${one.column_name}`));
  return Object.entries(tables).flatMap(([table, columns]) =>
    Object.entries(columns)
      .filter(([name]) => !there.has(`${table}.${name}`))
      .map(([name, type]) => ({ table, name, type })),
  );
}

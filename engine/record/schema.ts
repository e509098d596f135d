import { type Database, type Session, sql } from '../warehouse/database.ts';

/** The schema of a record and its stage tables, in the warehouse beside the data; `recordName` names the record. */
export function recordSchema(record: string): string {
  return `tiffin_${record}`;
}

/** A column that came with a later version has no "not null": it is added to the tables that there are. */
const tables = {
  builds: {
    model: sql`varchar(127) not null`,
    sequence: sql`bigint not null`,
    build_id: sql`varchar(40) not null`,
    version: sql`varchar(40) not null`,
    from_at: sql`timestamptz`,
    until_at: sql`timestamptz`,
    grain: sql`varchar(10)`,
    time_zone: sql`varchar(64)`,
    sql_hash: sql`varchar(64) not null`,
    inputs: sql`text not null`,
    row_count: sql`bigint not null`,
    checksum: sql`varchar(64)`,
    run_id: sql`varchar(40) not null`,
    built_at: sql`timestamptz not null`,
    horizon_at: sql`timestamptz`,
    relation_id: sql`varchar(40)`,
    audits: sql`text`,
  },
  loads: {
    source: sql`varchar(127) not null`,
    sequence: sql`bigint not null`,
    load_id: sql`varchar(40) not null`,
    file: sql`varchar(1024) not null`,
    sha256: sql`varchar(64) not null`,
    bytes: sql`bigint not null`,
    modified_ms: sql`bigint not null`,
    from_at: sql`timestamptz`,
    until_at: sql`timestamptz`,
    row_count: sql`bigint not null`,
    run_id: sql`varchar(40) not null`,
    loaded_at: sql`timestamptz not null`,
    segments: sql`text`,
    days: sql`text`,
    relation_id: sql`varchar(40)`,
  },
  audit_passes: {
    model: sql`varchar(127) not null`,
    build_id: sql`varchar(40) not null`,
    from_at: sql`timestamptz`,
    until_at: sql`timestamptz`,
    audits: sql`text not null`,
    run_id: sql`varchar(40) not null`,
    passed_at: sql`timestamptz not null`,
  },
  bad_rows: {
    source: sql`varchar(127) not null`,
    file: sql`varchar(1024) not null`,
    load_id: sql`varchar(40) not null`,
    line: sql`bigint not null`,
    reason: sql`text not null`,
    row_text: sql`text not null`,
    found_at: sql`timestamptz not null`,
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
  await database.transaction(async (tx) => {
    // Two first runs may meet here; "if not exists" alone still collides in PostgreSQL's catalogue.
    await tx.query(sql`select pg_advisory_xact_lock(hashtext(${schema}))`);
    await tx.query(sql`create schema if not exists ${sql.ident(schema)}`);
    for (const [table, columns] of Object.entries(tables)) {
      const definitions = Object.entries(columns).map(([name, type]) => sql`${sql.ident(name)} ${type}`);
      await tx.query(sql`create table if not exists ${sql.ident(schema, table)} (${sql.join(definitions, ', ')})`);
    }
    for (const { table, name, type } of await missingColumns(tx, schema)) {
      await tx.query(sql`alter table ${sql.ident(schema, table)} add column ${sql.ident(name)} ${type}`);
    }
  });
}

async function missingColumns(session: Session, schema: string) {
  const found = await session.query<{ name: string }>(
    sql`select table_name || '.' || column_name as name from information_schema.columns where table_schema = ${schema}`,
  );
  const there = new Set(found.map(({ name }) => name));
  return Object.entries(tables).flatMap(([table, columns]) =>
    Object.entries(columns)
      .filter(([name]) => !there.has(`${table}.${name}`))
      .map(([name, type]) => ({ table, name, type })),
  );
}

import { type Database, sql } from '../warehouse/database.ts';

/** The schema of a project's record and stage tables, in the warehouse beside the data. */
export function recordSchema(project: string): string {
  return `tiffin_${project}`;
}

/**
 * Creates the record's tables where they are missing. Insert-only tables without constraints that Redshift would not
 * enforce: correctness comes from the lock on the target and the fence, not from a unique index.
 */
export async function prepareRecord(database: Database, project: string): Promise<void> {
  const schema = recordSchema(project);
  const [there] = await database.query<{ builds: number }>(
    sql`select count(*)::int as builds from information_schema.tables
        where table_schema = ${schema} and table_name in ('builds', 'loads')`,
  );
  if (there?.builds === 2) return;
  await database.transaction(async (tx) => {
    // Two first runs may meet here; "if not exists" alone still collides in PostgreSQL's catalogue.
    await tx.query(sql`select pg_advisory_xact_lock(hashtext(${schema}))`);
    await tx.query(sql`create schema if not exists ${sql.ident(schema)}`);
    await tx.query(sql`create table if not exists ${sql.ident(schema, 'builds')} (
      model varchar(127) not null,
      sequence bigint not null,
      build_id varchar(40) not null,
      version varchar(40) not null,
      from_at timestamptz,
      until_at timestamptz,
      grain varchar(10),
      time_zone varchar(64),
      sql_hash varchar(64) not null,
      inputs text not null,
      row_count bigint not null,
      checksum varchar(64),
      run_id varchar(40) not null,
      built_at timestamptz not null
    )`);
    await tx.query(sql`create table if not exists ${sql.ident(schema, 'loads')} (
      source varchar(127) not null,
      sequence bigint not null,
      load_id varchar(40) not null,
      file varchar(1024) not null,
      sha256 varchar(64) not null,
      bytes bigint not null,
      modified_ms bigint not null,
      from_at timestamptz,
      until_at timestamptz,
      row_count bigint not null,
      run_id varchar(40) not null,
      loaded_at timestamptz not null
    )`);
  });
}

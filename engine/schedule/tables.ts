import { type Database, type Statement, sql } from '../warehouse/database.ts';

/** The scheduler's tables of one target, in the state database. */
export interface Tables {
  readonly leases: Statement;
  readonly dags: Statement;
  readonly ticks: Statement;
  readonly notices: Statement;
}

/** Names the tables of a target, making them where they are missing. */
export async function prepareTables(state: Database, target: string): Promise<Tables> {
  const schema = `engine_${target}`;
  const names = ['scheduler_lease', 'dags', 'ticks', 'notices'] as const;
  const [leases, dags, ticks, notices] = names.map((name) => sql.ident(schema, name)) as [
    Statement,
    Statement,
    Statement,
    Statement,
  ];
  const tables = { leases, dags, ticks, notices };
  const [there] = await state.query(
    sql`select 1 from information_schema.tables where table_schema = ${schema} and table_name = 'notices'`,
  );
  if (!there) await create(state, schema, tables);
  return tables;
}

async function create(state: Database, schema: string, { leases, dags, ticks, notices }: Tables): Promise<void> {
  await state.transaction(async (tx) => {
    // Two first schedulers may meet here; "if not exists" alone still collides in PostgreSQL's catalogue.
    await tx.query(sql`select pg_advisory_xact_lock(hashtext(${schema}))`);
    await tx.query(sql`create schema if not exists ${sql.ident(schema)}`);
    await tx.query(sql`create table if not exists ${leases} (
      name text primary key,
      holder text not null,
      token bigint not null,
      until timestamptz not null
    )`);
    await tx.query(sql`create table if not exists ${dags} (
      dag text primary key,
      first_seen timestamptz not null default now(),
      decided_until timestamptz not null
    )`);
    await tx.query(sql`create table if not exists ${ticks} (
      dag text not null,
      at timestamptz not null,
      state text not null check (state in ('due', 'running', 'done', 'failed', 'skipped', 'blocked')),
      attempts integer not null default 0,
      interruptions integer not null default 0,
      not_before timestamptz,
      late_told boolean not null default false,
      token bigint,
      run_id text,
      detail text,
      recorded_at timestamptz not null default now(),
      started_at timestamptz,
      ended_at timestamptz,
      primary key (dag, at)
    )`);
    await tx.query(sql`create index if not exists ticks_open on ${ticks} (dag, at) where state in ('due', 'running')`);
    await tx.query(sql`create table if not exists ${notices} (
      id bigint generated always as identity primary key,
      key text not null unique,
      kind text not null,
      dag text not null,
      at timestamptz not null,
      recipient text not null,
      message text not null,
      created_at timestamptz not null default now(),
      attempts integer not null default 0,
      not_before timestamptz,
      sent_at timestamptz
    )`);
    await tx.query(sql`create index if not exists notices_unsent on ${notices} (id) where sent_at is null`);
  });
}

import { type Database, type Session, type Statement, sql } from '../warehouse/database.ts';

/** The schema of what the engine remembers about one target, in the state database. */
export function stateSchema(target: string): string {
  return `engine_${target}`;
}

type Table = (name: string) => Statement;

/** Numbered, forward only: what has run once anywhere is never changed. */
const migrations: readonly ((table: Table) => readonly Statement[])[] = [
  (table) => [
    sql`create table if not exists ${table('runs')} (
      id text primary key,
      command text not null,
      state text not null,
      started_at timestamptz not null default now(),
      ended_at timestamptz
    )`,
    sql`create table if not exists ${table('steps')} (
      run_id text not null references ${table('runs')} (id) on delete cascade,
      step integer not null,
      kind text not null,
      model text not null,
      from_edge text,
      until_edge text,
      reason text not null,
      outcome text,
      rows bigint,
      ms integer,
      error text,
      primary key (run_id, step)
    )`,
  ],
  (table) => [
    sql`alter table ${table('runs')} add column process text not null default '',
          add column heartbeat_at timestamptz not null default now()`,
    sql`create table ${table('model_leases')} (name text primary key, run_id text not null, taken_at timestamptz not null)`,
    sql`create table ${table('requests')} (
      id text primary key,
      command text not null,
      models text[] not null,
      from_ms bigint,
      until_ms bigint,
      refresh boolean not null,
      made_at timestamptz not null default now(),
      done_at timestamptz
    )`,
  ],
  // The scheduler's. Earlier versions made these tables by themselves, so that they may be there.
  (table) => [
    sql`create table if not exists ${table('scheduler_lease')} (
      name text primary key,
      holder text not null,
      token bigint not null,
      until timestamptz not null
    )`,
    sql`create table if not exists ${table('dags')} (
      dag text primary key,
      first_seen timestamptz not null default now(),
      decided_until timestamptz not null
    )`,
    sql`create table if not exists ${table('ticks')} (
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
    )`,
    sql`create index if not exists ticks_open on ${table('ticks')} (dag, at) where state in ('due', 'running')`,
    sql`create table if not exists ${table('notices')} (
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
    )`,
    sql`create index if not exists notices_unsent on ${table('notices')} (id) where sent_at is null`,
  ],
];

/** Brings a target's tables in the state database up to this version's; no work when they are. */
export async function prepareState(state: Database, target: string): Promise<void> {
  const schema = stateSchema(target);
  const table: Table = (name) => sql.ident(schema, name);
  if ((await versionOf(state, schema)) >= migrations.length) return;
  await state.transaction(async (tx) => {
    await tx.query(sql`select pg_advisory_xact_lock(hashtext(${schema}))`);
    await tx.query(sql`create schema if not exists ${sql.ident(schema)}`);
    await tx.query(sql`create table if not exists ${table('migrations')} (number integer primary key)`);
    const version = await versionOf(tx, schema);
    for (const [index, statements] of migrations.entries()) {
      if (index < version) continue;
      for (const statement of statements(table)) await tx.query(statement);
      await tx.query(sql`insert into ${table('migrations')} (number) values (${index + 1})`);
    }
  });
}

async function versionOf(session: Session, schema: string): Promise<number> {
  const [there] = await session.query(
    sql`select 1 from information_schema.tables where table_schema = ${schema} and table_name = 'migrations'`,
  );
  if (!there) return 0;
  const [row] = await session.query<{ version: number }>(
    sql`select coalesce(max(number), 0)::int as version from ${sql.ident(schema, 'migrations')}`,
  );
  return row?.version ?? 0;
}

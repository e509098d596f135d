import { type Database, sql } from '#engine';

/** A clock that stands until it is set, for this process and for the database alike. */
export interface VirtualClock {
  readonly now: () => Date;
  set(at: Date): Promise<void>;
}

/**
 * Makes `now()` of every new connection to a database tell this clock's time: a function of that name stands before
 * PostgreSQL's own. Defaults of columns that are there already, made by PostgreSQL's, are changed over.
 */
export async function virtualClock(database: Database, schema: string, begin: Date): Promise<VirtualClock> {
  let at = begin;
  const run = (text: string) => database.query(sql.__dangerous__rawValue(text));
  const [row] = await database.query<{ name: string }>(sql`select quote_ident(current_database()) as name`);
  await run('create schema clock');
  await run('create table clock.hand (at timestamptz not null)');
  await database.query(sql`insert into clock.hand values (${begin.toISOString()}::timestamptz)`);
  await run('create function clock.now() returns timestamptz stable language sql as $$ select at from clock.hand $$');
  await run(`alter database ${row?.name} set search_path = clock, pg_catalog, public`);
  const defaults = await database.query<{ statement: string }>(sql`
    select format('alter table %I.%I alter column %I set default clock.now()', table_schema, table_name, column_name)
      as statement
    from information_schema.columns where table_schema = ${schema} and column_default like '%now()'`);
  for (const { statement } of defaults) await run(statement);
  return {
    now: () => at,
    async set(next) {
      at = next;
      await database.query(sql`update clock.hand set at = ${next.toISOString()}::timestamptz`);
    },
  };
}

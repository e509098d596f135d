import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Database, Fault, type Session, sql } from '#engine';
import { tablesOf } from './tables.ts';

const folder = fileURLToPath(new URL('migrations/', import.meta.url));

/** Class of our advisory locks (the text `TIFF`), so that they meet nobody else's. */
const lockClass = 0x54494646;

/**
 * Brings a schema up to this program: numbered files, forward only, all of them in one transaction, one process at a
 * time. Throws `Fault` invalid when the schema is already beyond this program.
 */
export async function migrate(database: Database, schema: string): Promise<void> {
  const files = (await readdir(folder)).filter((name) => /^\d{4}-.*\.sql$/.test(name)).sort();
  const { migrations } = tablesOf(schema);
  await database.transaction(async (tx) => {
    await tx.query(sql`select pg_advisory_xact_lock(${lockClass}, hashtext(${schema}))`);
    await tx.query(sql`create schema if not exists ${sql.ident(schema)}`);
    await tx.query(sql`
      create table if not exists ${migrations} (name text primary key, applied_at timestamptz not null default now())`);
    const applied = new Set(
      (await tx.query<{ name: string }>(sql`select name from ${migrations}`)).map((one) => one.name),
    );
    const foreign = [...applied].find((name) => !files.includes(name));
    if (foreign !== undefined) {
      throw new Fault('invalid', `the ledger ${schema} was brought to ${foreign} by a later version of this program`, {
        hint: 'Use that version, or a target of its own.',
      });
    }
    await tx.query(sql`select set_config('search_path', quote_ident(${schema}), true)`);
    for (const name of files.filter((one) => !applied.has(one))) {
      await perform(tx, await readFile(`${folder}${name}`, 'utf8'));
      await tx.query(sql`insert into ${migrations} (name) values (${name})`);
    }
  });
}

/** Performs a file's statements. Ours have a semicolon at the end of each statement and nowhere else at a line's end. */
async function perform(tx: Session, file: string): Promise<void> {
  for (const statement of file.split(/;\s*$/m)) {
    if (statement.trim()) await tx.query(sql.__dangerous__rawValue(statement));
  }
}

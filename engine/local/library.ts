import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { localSchema } from '../config/dialect.ts';
import { tokenize } from '../sql/tokens.ts';
import { isSymbol } from '../sql/words.ts';
import { type Database, type Session, sql } from '../warehouse/database.ts';

const files = ['time', 'text', 'numbers'];

const readLibrary = (): string[] =>
  files.map((name) => readFileSync(new URL(`library/${name}.sql`, import.meta.url), 'utf8'));

/**
 * Makes the functions that `toLocal`'s texts call, in a PostgreSQL that has not this version of them yet; views that use
 * an older one go on with the new. Everybody who may read may call them. Throws `Fault` failed where the user may not
 * create a schema.
 */
export async function prepareLocal(database: Database): Promise<void> {
  const library = readLibrary();
  const version = createHash('sha256').update(library.join()).digest('hex').slice(0, 16);
  if ((await versionOf(database)) === version) return;
  await database.transaction(async (tx) => {
    await tx.query(sql`select pg_advisory_xact_lock(hashtext('tiffin library redshift'))`);
    if ((await versionOf(tx)) === version) return;
    await tx.query(sql`create schema if not exists ${sql.ident(localSchema)}`);
    for (const text of library) {
      for (const statement of statementsOf(text)) await tx.query(sql.__dangerous__rawValue(statement));
    }
    await tx.query(sql`grant usage on schema ${sql.ident(localSchema)} to public`);
    await tx.query(
      sql`comment on schema redshift is ${sql.__dangerous__rawValue(`'Functions of Redshift, ${version}'`)}`,
    );
  });
}

async function versionOf(session: Session): Promise<string | undefined> {
  const rows = await session.query<{ readonly said: string | null }>(
    sql`select obj_description(oid, 'pg_namespace') as said from pg_namespace where nspname = ${localSchema}`,
  );
  return rows[0]?.said?.split(', ').at(-1);
}

/** The statements of a file, which the driver takes one by one. */
function statementsOf(text: string): string[] {
  const ends = tokenize(text, 'postgres').filter((token) => isSymbol(token, ';'));
  return ends.map(({ start }, at) => text.slice(ends[at - 1]?.end ?? 0, start));
}

import type { Recorded } from '../plan/record.ts';
import { supersededBuilds } from '../plan/superseded.ts';
import { type Database, type Session, type Statement, sql } from '../warehouse/database.ts';
import { recordSchema } from './schema.ts';

/** When the record is made smaller. */
export interface CompactionRule {
  /** So many superseded builds are worth a transaction. */
  readonly atLeast: number;
  /** What is younger stays for people to look at, in days. */
  readonly days: number;
}

export const usualCompaction: CompactionRule = { atLeast: 200, days: 7 };

/**
 * Deletes from the record, in a transaction of its own, builds, with the audits they passed, and loads that were superseded long ago: reading it then takes as
 * long as there are windows, not nights. No answer changes by it: what is deleted lies under what was committed later and stays,
 * or lies itself under something later; so runs beside this one, and another compaction, need not know. Returns how many rows went.
 */
export async function compactRecord(
  database: Database,
  project: string,
  names: readonly string[],
  recorded: Recorded,
  { atLeast, days }: CompactionRule,
): Promise<number> {
  const gone = names.flatMap((name) => supersededBuilds(recorded.builds(name)));
  if (gone.length < atLeast) return 0;
  const schema = recordSchema(project);
  const recordedBuilds = sql.ident(schema, 'builds');
  const loads = sql.ident(schema, 'loads');
  const passes = sql.ident(schema, 'audit_passes');
  return await database.transaction(async (tx) => {
    // Two at once would delete the same rows, for which one of them fails where transactions read one moment.
    await tx.query(tx.dialect.lockDefinition({ schema, name: 'builds' }, schema));
    const replaced = await tx.query<{ name: string; sequence: string }>(
      sql`select distinct l.source as name, l.sequence from ${loads} l
            join ${loads} later on later.source = l.source and later.file = l.file and later.sequence > l.sequence`,
    );
    const builds = gone.map(({ model, sequence }) => ({ name: model, sequence: String(sequence) }));
    const old = sql`${tx.dialect.now} - ${sql.__dangerous__rawValue(`interval '${Math.trunc(days)} days'`)}`;
    return (
      (await forget(tx, { table: recordedBuilds, name: 'model', at: 'built_at' }, builds, old)) +
      (await forget(tx, { table: loads, name: 'source', at: 'loaded_at' }, replaced, old)) +
      (await deleteCounted(tx, passes, orphans(recordedBuilds, passes, old)))
    );
  });
}

/** Passed audits of builds that are recorded no more. */
const orphans = (builds: Statement, passes: Statement, old: Statement): Statement =>
  sql`passed_at <= ${old} and not exists (select 1 from ${builds} b where b.model = ${passes}.model and b.build_id = ${passes}.build_id)`;

interface RecordTable {
  readonly table: Statement;
  readonly name: string;
  readonly at: string;
}

/** Deletes rows of the record that are older than a time; returns how many there were. */
async function forget(
  tx: Session,
  { table, name, at }: RecordTable,
  rows: readonly { readonly name: string; readonly sequence: string }[],
  old: Statement,
): Promise<number> {
  let count = 0;
  for (const [of, found] of Map.groupBy(rows, (row) => row.name)) {
    const sequences = sql.join(
      found.map(({ sequence }) => sql.__dangerous__rawValue(String(BigInt(sequence)))),
      ', ',
    );
    const these = sql`${sql.ident(name)} = ${of} and ${sql.ident(at)} <= ${old} and sequence in (${sequences})`;
    count += await deleteCounted(tx, table, these);
  }
  return count;
}

/** Not every server tells how much it has deleted. */
async function deleteCounted(tx: Session, table: Statement, these: Statement): Promise<number> {
  const [there] = await tx.query<{ count: string }>(sql`select count(*) as count from ${table} where ${these}`);
  const count = Number(there?.count);
  if (count > 0) await tx.query(sql`delete from ${table} where ${these}`);
  return count;
}

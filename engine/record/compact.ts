import type { Recorded } from '../plan/record.ts';
import { supersededBuilds } from '../plan/superseded.ts';
import { type Database, sql } from '../warehouse/database.ts';
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
  const builds = sql.ident(recordSchema(project), 'builds');
  const loads = sql.ident(recordSchema(project), 'loads');
  const passes = sql.ident(recordSchema(project), 'audit_passes');
  const old = sql`now() - make_interval(days => ${days})`;
  return await database.transaction(async (tx) => {
    const deletedBuilds = await tx.query(
      sql`delete from ${builds} b using unnest(${gone.map(({ model }) => model)}::text[], ${gone.map(({ sequence }) => sequence)}::bigint[])
            as gone (model, sequence)
          where b.model = gone.model and b.sequence = gone.sequence and b.built_at <= ${old} returning 1`,
    );
    const deletedLoads = await tx.query(
      sql`delete from ${loads} l using ${loads} later
          where later.source = l.source and later.file = l.file and later.sequence > l.sequence and l.loaded_at <= ${old}
          returning 1`,
    );
    const deletedPasses = await tx.query(
      sql`delete from ${passes} p where p.passed_at <= ${old}
            and not exists (select 1 from ${builds} b where b.model = p.model and b.build_id = p.build_id) returning 1`,
    );
    return deletedBuilds.length + deletedLoads.length + deletedPasses.length;
  });
}

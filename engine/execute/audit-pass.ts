import type { RelationName } from '../warehouse/catalogue.ts';
import { type Session, type Statement, sql } from '../warehouse/database.ts';
import { sumsOf, type WindowEdges, type WindowRow, type WindowSum, windowNumber } from '../warehouse/window-sums.ts';
import type { AuditQuery } from './audit.ts';
import { ident, raw } from './stage.ts';

/** Windows whose rows are summed on the way. */
export interface SummedWindows extends WindowEdges {
  /** The hash of a row. */
  readonly hash: Statement;
}

/** What one look at all rows of a relation tells. */
export interface AuditPass {
  readonly rows: number;
  /** Of each audit, how many rows break it. */
  readonly broken: readonly number[];
  /** Of each window that was asked for. */
  readonly sums: readonly WindowSum[];
}

type PassRow = WindowRow & Readonly<Record<string, string | null>>;

/**
 * Asks by one statement how many rows break each audit, and what tells each window's rows from others. Rules about single
 * rows are counted in one scan; the others are subqueries of the same statement.
 */
export async function auditPass(
  session: Session,
  relation: RelationName,
  audits: readonly AuditQuery[],
  windows?: SummedWindows,
): Promise<AuditPass> {
  const found = await session.query<PassRow>(sql`
    select * from (select ${sql.join([sql`1`, ...audits.flatMap(asked)], ', ')}) as asked
      left join (select ${sql.join([...sums(windows), ...audits.flatMap(counted)], ', ')}
                   from ${ident(relation)} group by 1) as scanned on true`);
  const [first] = found;
  return {
    rows: found.reduce((sum, { rows }) => sum + Number(rows ?? 0), 0),
    broken: audits.map(({ breaks }, index) =>
      breaks
        ? found.reduce((sum, row) => sum + Number(row[`broken_${index}`] ?? 0), 0)
        : Number(first?.[`asked_${index}`] ?? 0),
    ),
    sums: windows ? sumsOf(found, windows) : [],
  };
}

function sums(windows: SummedWindows | undefined): Statement[] {
  const number = windows ? windowNumber(windows) : sql`1`;
  const hashes = windows ? sql`sum(${windows.hash})` : sql`null`;
  return [sql`${number} as "window"`, sql`count(*) as rows`, sql`${hashes} as hashes`];
}

function counted({ breaks }: AuditQuery, index: number): Statement[] {
  return breaks ? [sql`count(case when ${breaks} then 1 end) as ${raw(`broken_${index}`)}`] : [];
}

function asked({ breaks, query }: AuditQuery, index: number): Statement[] {
  return breaks ? [] : [sql`(select count(*) from (${query}) as failing) as ${raw(`asked_${index}`)}`];
}

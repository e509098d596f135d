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

type ScanRow = WindowRow & Readonly<Record<string, string | null>>;

/**
 * Scans a relation once: what tells each window's rows from others, and how many rows break each rule about single rows.
 * Of other audits it counts nothing.
 */
export async function scanRows(
  session: Session,
  relation: RelationName,
  audits: readonly AuditQuery[],
  windows?: SummedWindows,
): Promise<AuditPass> {
  const counts = audits.flatMap(({ breaks }, index) =>
    breaks ? [sql`count(case when ${breaks} then 1 end) as ${raw(`broken_${index}`)}`] : [],
  );
  const sums = [
    sql`${windows ? windowNumber(session, windows) : sql`1`} as "window"`,
    sql`count(*) as "rows"`,
    sql`${windows ? sql`sum(${windows.hash})` : sql`null`} as hashes`,
  ];
  const found = await session.query<ScanRow>(
    sql`select ${sql.join([...sums, ...counts], ', ')} from ${ident(relation)} group by 1`,
  );
  const total = (column: string) => found.reduce((sum, row) => sum + Number(row[column] ?? 0), 0);
  return {
    rows: total('rows'),
    broken: audits.map((_, index) => total(`broken_${index}`)),
    sums: windows ? sumsOf(found, windows) : [],
  };
}

/** How many rows each of the other audits finds: those about several rows at once, or about other tables too. */
export async function askRest(session: Session, audits: readonly AuditQuery[]): Promise<readonly number[]> {
  const counts = audits.flatMap(({ breaks, query }, index) =>
    breaks ? [] : [sql`(select count(*) from (${query}) as failing) as ${raw(`broken_${index}`)}`],
  );
  const [found] = await session.query<Readonly<Record<string, string>>>(sql`select ${sql.join(counts, ', ')}`);
  return audits.map((_, index) => Number(found?.[`broken_${index}`] ?? 0));
}

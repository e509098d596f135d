import type { RelationName } from './catalogue.ts';
import { type Session, type Statement, sql } from './database.ts';

/** What tells the rows of a window from other rows: how many, and the sum of their hashes, whatever their order. */
export interface WindowSum {
  readonly rows: number;
  readonly hashes: bigint;
}

export const noRows: WindowSum = { rows: 0, hashes: 0n };

/** Windows by a time column. `edges`: literals in its own type, the start of each window and the end of the last. */
export interface WindowEdges {
  readonly timeColumn: string;
  readonly edges: readonly string[];
}

/** A window's row of a query that groups by `windowNumber`. */
export interface WindowRow {
  readonly window: number | null;
  readonly rows: string;
  readonly hashes: string | null;
}

/** The number, from 1, of the window that a row is in; what is in none has 0, one too many, or null. */
export function windowNumber({ dialect }: Session, { timeColumn, edges }: WindowEdges): Statement {
  return dialect.windowNumber(sql.ident(timeColumn), edges.map(literal));
}

/** Sums the rows of each window by one grouped query. `hash` is a row's hash. Windows without rows are in the result too. */
export async function windowSums(
  session: Session,
  { schema, name }: RelationName,
  hash: Statement,
  windows: WindowEdges,
): Promise<WindowSum[]> {
  const time = sql.ident(windows.timeColumn);
  const [from = '', until = ''] = [windows.edges[0], windows.edges.at(-1)];
  const found = await session.query<WindowRow>(sql`
    select ${windowNumber(session, windows)} as "window", count(*) as "rows", sum(${hash}) as hashes
      from ${sql.ident(schema, name)} where ${time} >= ${literal(from)} and ${time} < ${literal(until)} group by 1`);
  return sumsOf(found, windows);
}

/** The sums by window, in order; none are left out. */
export function sumsOf(found: readonly WindowRow[], { edges }: WindowEdges): WindowSum[] {
  const byWindow = new Map(found.map((row) => [row.window, row]));
  return edges.slice(1).map((_, index) => {
    const row = byWindow.get(index + 1);
    return row ? { rows: Number(row.rows), hashes: BigInt(row.hashes ?? 0) } : noRows;
  });
}

const literal = (text: string): Statement => sql.__dangerous__rawValue(text);

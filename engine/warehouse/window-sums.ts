import type { RelationName } from './catalogue.ts';
import { type Session, sql } from './database.ts';

/** What tells the rows of a window from other rows: how many, and the sum of their hashes, whatever their order. */
export interface WindowSum {
  readonly rows: number;
  readonly hashes: bigint;
}

export const noRows: WindowSum = { rows: 0, hashes: 0n };

/**
 * Sums the rows of each window of a stretch, by one grouped query. `edges` are literals in the time column's own type: the
 * start of each window, and the end of the last. Windows without rows are in the result too.
 */
export async function windowSums(
  session: Session,
  { schema, name }: RelationName,
  columns: readonly string[],
  timeColumn: string,
  edges: readonly string[],
): Promise<WindowSum[]> {
  const literals = edges.map((edge) => sql.__dangerous__rawValue(edge));
  const time = sql.ident(timeColumn);
  const summed = sql.join(
    columns.map((column) => sql.ident(column)),
    ', ',
  );
  const found = await session.query<{ window: number; rows: string; hashes: string }>(sql`
    select w as window, count(*) as rows, sum(h::numeric) as hashes
      from (select width_bucket(${time}, array[${sql.join(literals.slice(0, -1), ', ')}]) as w,
                   hashtextextended(row(${summed})::text, 0) as h
              from ${sql.ident(schema, name)}
             where ${time} >= ${literals[0]} and ${time} < ${literals.at(-1)}) as t
     group by w`);
  const byWindow = new Map(found.map((row) => [row.window, row]));
  return edges.slice(1).map((_, index) => {
    const row = byWindow.get(index + 1);
    return row ? { rows: Number(row.rows), hashes: BigInt(row.hashes) } : noRows;
  });
}

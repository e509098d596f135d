import type { DescribedRelation, RelationName } from '../warehouse/catalogue.ts';
import { type Session, sql } from '../warehouse/database.ts';
import { ident } from './stage.ts';

/** Count and order-free sum of the hashes of a table's rows: equal for equal rows, whatever their order. */
export async function checksum(session: Session, table: RelationName, { columns }: DescribedRelation): Promise<string> {
  const [row] = await session.query<{ rows: string; hashes: string }>(
    sql`select count(*) as "rows", coalesce(sum(${session.dialect.rowHash(columns)}), 0) as hashes from ${ident(table)}`,
  );
  return `${row?.rows}:${row?.hashes}`;
}

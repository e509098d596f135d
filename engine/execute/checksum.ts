import type { DescribedRelation, RelationName } from '../warehouse/catalogue.ts';
import { type Session, sql } from '../warehouse/database.ts';
import { rowHash } from '../warehouse/row-hash.ts';
import { ident } from './stage.ts';

/** Count and order-free sum of the hashes of a table's rows: equal for equal rows, whatever their order. */
export async function checksum(session: Session, table: RelationName, { columns }: DescribedRelation): Promise<string> {
  const [row] = await session.query<{ checksum: string }>(
    sql`select count(*)::text || ':' || coalesce(sum(${rowHash(columns)}), 0)::text as checksum from ${ident(table)}`,
  );
  return row?.checksum ?? '';
}

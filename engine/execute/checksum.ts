import type { RelationName } from '../warehouse/catalogue.ts';
import { type Session, type Statement, sql } from '../warehouse/database.ts';
import { ident } from './stage.ts';

/** Count and order-free sum of row hashes of the rows `t`: equal for equal rows, whatever their order. */
export const checksumOfRows = sql`count(*)::text || ':' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text`;

/** The checksum of a relation's rows, of the named columns only. */
export async function checksum(session: Session, relation: RelationName, columns: Statement): Promise<string> {
  const [row] = await session.query<{ checksum: string }>(
    sql`select ${checksumOfRows} as checksum from (select ${columns} from ${ident(relation)}) as t`,
  );
  return row?.checksum ?? '';
}

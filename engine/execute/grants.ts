import type { RelationName } from '../warehouse/catalogue.ts';
import { type Session, sql } from '../warehouse/database.ts';
import type { Grant } from '../warehouse/dialect-port.ts';
import { ident, raw } from './stage.ts';

/** Reads what others than the owner may do with a relation; the returned deed grants it again to what stands there then. */
export async function keepGrants(tx: Session, relation: RelationName): Promise<() => Promise<void>> {
  const grants = await tx.query<Grant>(tx.dialect.grantsOn(relation));
  return async () => {
    for (const { grantee, kind, privilege, grantable } of grants) {
      const whom =
        kind === 'user'
          ? sql.ident(grantee)
          : kind === 'public'
            ? sql`public`
            : sql`${raw(kind)} ${sql.ident(grantee)}`;
      const option = grantable ? sql`with grant option` : sql``;
      await tx.query(sql`grant ${raw(privilege)} on ${ident(relation)} to ${whom} ${option}`);
    }
  };
}

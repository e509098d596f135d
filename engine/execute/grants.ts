import type { RelationName } from '../warehouse/catalogue.ts';
import { type Session, sql } from '../warehouse/database.ts';
import { ident, raw } from './stage.ts';

/** What somebody may do with a relation. */
interface Grant {
  readonly grantee: string;
  readonly everybody: boolean;
  readonly privilege: string;
  readonly grantable: boolean;
}

/** Reads what others than the owner may do with a relation; the returned deed grants it again to what stands there then. */
export async function keepGrants(tx: Session, { schema, name }: RelationName): Promise<() => Promise<void>> {
  const grants = await tx.query<Grant>(
    sql`select coalesce(r.rolname, '') as grantee, a.grantee = 0 as everybody, a.privilege_type as privilege,
               a.is_grantable as grantable
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
             cross join lateral aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
        where n.nspname = ${schema} and c.relname = ${name} and a.grantee <> c.relowner`,
  );
  return async () => {
    for (const { grantee, everybody, privilege, grantable } of grants) {
      const whom = everybody ? sql`public` : sql.ident(grantee);
      const option = grantable ? sql`with grant option` : sql``;
      await tx.query(sql`grant ${raw(privilege)} on ${ident({ schema, name })} to ${whom} ${option}`);
    }
  };
}

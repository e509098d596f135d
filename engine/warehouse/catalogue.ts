import { type Session, sql } from './database.ts';

export interface RelationColumn {
  readonly name: string;
  /** The type as the server writes it: `numeric(18,2)`, `timestamp with time zone`. */
  readonly type: string;
}

/** A table or view that is there, its columns in their order. */
export interface Relation {
  readonly kind: 'table' | 'view';
  readonly columns: readonly RelationColumn[];
}

/** Looks a relation up by its exact names; undefined when there is none. */
export async function readRelation(
  session: Session,
  { schema, name }: { readonly schema: string; readonly name: string },
): Promise<Relation | undefined> {
  const rows = await session.query<{ kind: string; column: string | null; type: string | null }>(
    sql`select c.relkind as kind, a.attname as column, format_type(a.atttypid, a.atttypmod) as type
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where n.nspname = ${schema} and c.relname = ${name} and c.relkind in ('r', 'p', 'v', 'm', 'f')
        order by a.attnum`,
  );
  const [first] = rows;
  if (!first) return undefined;
  return {
    kind: first.kind === 'v' || first.kind === 'm' ? 'view' : 'table',
    columns: rows.flatMap(({ column, type }) => (column && type ? [{ name: column, type }] : [])),
  };
}

/** Names (`schema.table`) and kinds of all relations outside the server's own schemas. */
export async function listRelations(session: Session): Promise<Map<string, Relation['kind']>> {
  const rows = await session.query<{ name: string; kind: string }>(
    sql`select n.nspname || '.' || c.relname as name, c.relkind as kind
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'`,
  );
  return new Map(rows.map(({ name, kind }) => [name, kind === 'v' || kind === 'm' ? 'view' : 'table']));
}

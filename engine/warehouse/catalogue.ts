import { type ColumnKind, type Session, sql } from './database.ts';
import { classify } from './sql-error.ts';
import { kindOf } from './values.ts';

/** The name of a table or view. */
export interface RelationName {
  readonly schema: string;
  readonly name: string;
}

export interface Relation extends RelationName {
  /** What tells it from another of the same name that comes after it. */
  readonly id: string;
  readonly kind: 'table' | 'view' | 'materialized view' | 'foreign table';
}

export interface RelationColumn {
  readonly name: string;
  /** As SQL would declare it: `numeric(18,2)`. */
  readonly type: string;
  readonly kind: ColumnKind;
  readonly nullable: boolean;
}

const relationKinds = { r: 'table', p: 'table', v: 'view', m: 'materialized view', f: 'foreign table' } as const;

/** All tables and views of these schemas; a schema that is not there has none. */
export async function relationsIn(session: Session, schemas: readonly string[]): Promise<Relation[]> {
  const rows = await session.query<RelationName & { id: string; relkind: keyof typeof relationKinds }>(sql`
    select n.nspname as schema, c.relname as name, c.oid::text as id, c.relkind
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any(${schemas}) and c.relkind in ('r', 'p', 'v', 'm', 'f')
     order by 1, 2`);
  return rows.map(({ schema, name, id, relkind }) => ({ schema, name, id, kind: relationKinds[relkind] }));
}

/** The table or view of this name, if there is one. */
export async function findRelation(session: Session, { schema, name }: RelationName): Promise<Relation | undefined> {
  const relations = await relationsIn(session, [schema]);
  return relations.find((relation) => relation.name === name);
}

/** The columns of a table or view in their order; none when it is not there. */
export async function columnsOf(session: Session, { schema, name }: RelationName): Promise<RelationColumn[]> {
  const rows = await session.query<{ name: string; type: string; oid: number; nullable: boolean }>(sql`
    select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
           case when t.typtype = 'd' then t.typbasetype else t.oid end as oid, not a.attnotnull as nullable
      from pg_catalog.pg_attribute a
      join pg_catalog.pg_type t on t.oid = a.atttypid
      join pg_catalog.pg_class c on c.oid = a.attrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = ${schema} and c.relname = ${name} and a.attnum > 0 and not a.attisdropped
     order by a.attnum`);
  return rows.map(({ oid, ...column }) => ({ ...column, kind: kindOf(oid) }));
}

/** Makes a schema unless it is there. */
export async function ensureSchema(session: Session, schema: string): Promise<void> {
  if (await hasSchema(session, schema)) return;
  try {
    await session.query(sql`create schema if not exists ${sql.ident(schema)}`);
  } catch (error) {
    // Two that make it at once: the slower one runs into the other's row in the catalogue.
    if (classify(error) !== 'conflict' || !(await hasSchema(session, schema))) throw error;
  }
}

async function hasSchema(session: Session, schema: string): Promise<boolean> {
  const rows = await session.query(sql`select 1 from pg_catalog.pg_namespace where nspname = ${schema}`);
  return rows.length > 0;
}

/** A table or view with its columns in their order. */
export interface DescribedRelation extends Relation {
  readonly columns: readonly RelationColumn[];
}

/** The table or view of this name with its columns, if there is one. */
export async function describeRelation(session: Session, name: RelationName): Promise<DescribedRelation | undefined> {
  const relation = await findRelation(session, name);
  return relation && { ...relation, columns: await columnsOf(session, name) };
}

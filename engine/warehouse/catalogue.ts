import { type Database, type Session, sql } from './database.ts';
import type { RelationColumn, RelationName } from './relation.ts';

export type { RelationColumn, RelationName } from './relation.ts';

import { classify } from './sql-error.ts';
import { kindOf } from './values.ts';

export interface Relation extends RelationName {
  /** What tells it from another of the same name that comes after it. */
  readonly id: string;
  readonly kind: 'table' | 'view' | 'materialized view' | 'foreign table';
}

const relationKinds = { r: 'table', p: 'table', v: 'view', m: 'materialized view', f: 'foreign table' } as const;

const relationColumns = sql`n.nspname as schema, c.relname as name, c.oid as id, c.relkind`;
const relations = sql`pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace`;
const isRelation = sql`c.relkind in ('r', 'p', 'v', 'm', 'f')`;

type RelationRow = RelationName & { readonly id: number; readonly relkind: keyof typeof relationKinds };

const relationOf = ({ schema, name, id, relkind }: RelationRow): Relation => ({
  schema,
  name,
  id: String(id),
  kind: relationKinds[relkind],
});

/** All tables and views of these schemas; a schema that is not there has none. */
export async function relationsIn(session: Session, schemas: readonly string[]): Promise<Relation[]> {
  if (schemas.length === 0) return [];
  const list = sql.join(
    schemas.map((schema) => sql`${schema}`),
    ', ',
  );
  const rows = await session.query<RelationRow>(
    sql`select ${relationColumns} from ${relations} where ${isRelation} and n.nspname in (${list}) order by 1, 2`,
  );
  return rows.map(relationOf);
}

/** The table or view of this name, if there is one. */
export async function findRelation(session: Session, { schema, name }: RelationName): Promise<Relation | undefined> {
  const [row] = await session.query<RelationRow>(
    sql`select ${relationColumns} from ${relations} where ${isRelation} and n.nspname = ${schema} and c.relname = ${name}`,
  );
  return row && relationOf(row);
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
export async function describeRelation(
  session: Session,
  { schema, name }: RelationName,
): Promise<DescribedRelation | undefined> {
  // A table without columns is a row without a column here.
  const rows = await session.query<RelationRow & ColumnRow>(sql`
    select ${relationColumns}, a.attname as column, pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
           case when t.typtype = 'd' then t.typbasetype else t.oid end as oid, not a.attnotnull as nullable
      from ${relations}
      left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_catalog.pg_type t on t.oid = a.atttypid
     where ${isRelation} and n.nspname = ${schema} and c.relname = ${name}
     order by a.attnum`);
  const [first] = rows;
  if (!first) return undefined;
  const columns = rows.flatMap(({ column, type, oid, nullable }) =>
    column === null ? [] : [{ name: column, type, kind: kindOf(oid), nullable }],
  );
  return { ...relationOf(first), columns };
}

interface ColumnRow {
  readonly column: string | null;
  readonly type: string;
  readonly oid: number;
  readonly nullable: boolean;
}

/** The columns of a table or view in their order; none when it is not there. */
export async function columnsOf(session: Session, name: RelationName): Promise<readonly RelationColumn[]> {
  return (await describeRelation(session, name))?.columns ?? [];
}

/**
 * As `describeRelation`, also of a view that the catalogue knows no columns of, because it is bound to nothing: the server
 * is asked what a query of it would return.
 */
export async function describeReadable(database: Database, name: RelationName): Promise<DescribedRelation | undefined> {
  const found = await describeRelation(database, name);
  if (found?.kind !== 'view' || database.dialect.bindsViews) return found;
  const columns = await database.describe(sql`select * from ${sql.ident(name.schema, name.name)}`);
  return { ...found, columns: columns.map((column) => ({ ...column, type: '', nullable: true })) };
}

/** The views that hold on to a table or view by its number, whatever it is called. */
export async function viewsBoundTo(session: Session, { id }: Relation): Promise<RelationName[]> {
  return session.query<RelationName>(sql`
    select distinct n.nspname as schema, c.relname as name
      from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid
      join pg_catalog.pg_class c on c.oid = r.ev_class join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where d.refobjid = ${id} and c.oid <> ${id} order by 1, 2`);
}

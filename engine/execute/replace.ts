import { Fault } from '../fault.ts';
import { type DescribedRelation, describeRelation, findRelation, type RelationName } from '../warehouse/catalogue.ts';
import { type Session, sql } from '../warehouse/database.ts';
import { sqlStateOf } from '../warehouse/sql-error.ts';
import { ident, raw, relationName } from './stage.ts';

/** A view of ours that reads, directly or through other views, what is about to be replaced. */
export interface DependentView {
  readonly name: string;
  readonly query: string;
}

/** Whether two relations have the same columns of the same types in the same order. */
export function sameColumns(a: DescribedRelation, b: DescribedRelation): boolean {
  return a.columns.length === b.columns.length && startsWith(b, a);
}

/** Whether a relation's columns begin with those of another: PostgreSQL replaces a view in place only then. */
export function startsWith(longer: DescribedRelation, shorter: DescribedRelation): boolean {
  return shorter.columns.every((column, index) => {
    const other = longer.columns[index];
    return other?.name === column.name && other.type === column.type;
  });
}

/** Only one transaction at a time defines a relation of this name, whether it exists yet or not. */
export async function lockName(tx: Session, { schema, name }: RelationName): Promise<void> {
  await tx.query(sql`select pg_advisory_xact_lock(hashtext(${`${schema}.${name}`}))`);
}

/** As `lockName`, and where the relation is a table, nobody writes it until this transaction ends. */
export async function lockRelation(tx: Session, target: RelationName): Promise<void> {
  await lockName(tx, target);
  const found = await findRelation(tx, target);
  if (found?.kind === 'table') await tx.query(sql`lock table ${ident(target)} in share row exclusive mode`);
}

/**
 * Replaces a relation whose columns change: our views over it are dropped, `define` makes it anew, and they are created
 * again, inputs first, all in the caller's transaction. `views` come in the order of the graph. Throws `Fault` failed when
 * somebody else's view holds on to it.
 */
export async function replaceUnderViews(
  tx: Session,
  target: RelationName,
  found: DescribedRelation | undefined,
  views: readonly DependentView[],
  define: () => Promise<void>,
): Promise<void> {
  const standing: DependentView[] = [];
  for (const view of views) if (await describeRelation(tx, relationName(view.name))) standing.push(view);
  try {
    for (const view of standing.toReversed()) await tx.query(sql`drop view ${ident(relationName(view.name))}`);
    if (found) await tx.query(sql`drop ${raw(found.kind)} ${ident(target)}`);
  } catch (error) {
    if (sqlStateOf(error) !== '2BP01') throw error;
    throw new Fault(
      'failed',
      `${target.schema}.${target.name} cannot be replaced: a view outside the project reads it`,
      {
        hint: error instanceof Fault ? (error.hint ?? error.message) : 'Drop that view first.',
        cause: error,
      },
    );
  }
  await define();
  for (const view of standing) {
    await tx.query(sql`create view ${ident(relationName(view.name))} as ${raw(view.query)}`);
  }
}

import { Fault } from '../fault.ts';
import { type DescribedRelation, findRelation, type RelationName } from '../warehouse/catalogue.ts';
import { type Session, sql } from '../warehouse/database.ts';
import { sqlStateOf } from '../warehouse/sql-error.ts';
import { keepGrants } from './grants.ts';
import { ident, raw } from './stage.ts';

/** A view of ours that reads, directly or through other views, what is about to be replaced. */
export interface DependentView {
  readonly name: RelationName;
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

/** Only one transaction at a time defines a relation of this name, whether it exists yet or not; first of its statements. */
export async function lockName(tx: Session, name: RelationName, recordSchema: string): Promise<void> {
  await tx.query(tx.dialect.lockDefinition(name, recordSchema));
}

/** As `lockName`, and where the relation is a table, nobody writes it until this transaction ends. */
export async function lockRelation(tx: Session, target: RelationName, recordSchema: string): Promise<void> {
  await lockName(tx, target, recordSchema);
  const found = await findRelation(tx, target);
  if (found?.kind === 'table') await tx.query(tx.dialect.lockTable(target));
}

/**
 * Replaces a relation whose columns change: our views over it are dropped, `define` makes it anew, and they are created
 * again, inputs first, all in the caller's transaction; who had rights on any of them has them again. Throws `Fault` failed
 * when somebody else's view holds on to it.
 */
export async function replaceUnderViews(
  tx: Session,
  target: RelationName,
  found: DescribedRelation | undefined,
  views: readonly DependentView[],
  define: () => Promise<void>,
): Promise<void> {
  await withoutViews(tx, target, views, async () => {
    const grantAgain = await keepGrants(tx, target);
    if (found) await tx.query(sql`drop ${raw(found.kind)} ${ident(target)}`);
    await define();
    await grantAgain();
  });
}

/** Does work on a relation while none of our views stands on it. `views` come in the order of the graph. */
export async function withoutViews(
  tx: Session,
  target: RelationName,
  views: readonly DependentView[],
  work: () => Promise<void>,
): Promise<void> {
  const standing: { readonly name: RelationName; readonly query: string; grantAgain(): Promise<void> }[] = [];
  // A view that is bound to nothing stands in nobody's way.
  for (const { name, query } of tx.dialect.bindsViews ? views : []) {
    if (await findRelation(tx, name)) standing.push({ name, query, grantAgain: await keepGrants(tx, name) });
  }
  try {
    for (const { name } of standing.toReversed()) await tx.query(sql`drop view ${ident(name)}`);
    await work();
  } catch (error) {
    if (!holdsOn.has(sqlStateOf(error) ?? '')) throw error;
    throw heldBy(target, error instanceof Fault ? (error.hint ?? error.message) : 'Drop that view first.', error);
  }
  for (const { name, query, grantAgain } of standing) {
    await tx.query(tx.dialect.createView(name, raw(query)));
    await grantAgain();
  }
}

/** Somebody else's view reads what is to be replaced. */
export function heldBy({ schema, name }: RelationName, hint: string, cause?: unknown): Fault {
  return new Fault('failed', `${schema}.${name} cannot be replaced: a view outside the project reads it`, {
    hint,
    ...(cause ? { cause } : {}),
  });
}

/** Dependent objects still exist; a column's type is used by a view. */
const holdsOn = new Set(['2BP01', '0A000']);

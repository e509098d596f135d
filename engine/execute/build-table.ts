import {
  type DescribedRelation,
  describeRelation,
  ensureSchema,
  type RelationName,
  viewsBoundTo,
} from '../warehouse/catalogue.ts';
import { type Database, type Session, sql } from '../warehouse/database.ts';
import { checksum } from './checksum.ts';
import { checkContract } from './columns.ts';
import { keepGrants } from './grants.ts';
import type { Outcome } from './outcome.ts';
import { heldBy, lockRelation, replaceUnderViews, sameColumns } from './replace.ts';
import {
  besideName,
  columnList,
  createStage,
  dropStage,
  fillStage,
  ident,
  newId,
  raw,
  stageGuard,
  stageName,
} from './stage.ts';
import { auditFailed, auditStage, blocks, publishWhole, type WholeTask, type WholeTools } from './whole.ts';

/**
 * Builds a full table aside, audits it, and puts it in the old one's place together with its record. Rows that are what
 * they were leave the table untouched and keep its version.
 */
export async function buildTable(task: WholeTask, tools: WholeTools): Promise<Outcome> {
  const { database, schema, signal } = tools;
  const { model } = task;
  const id = newId();
  const target = tools.own(model.name);
  // Where a table cannot be put into another schema, the stage is made where the table is to be.
  const stage = database.dialect.alters
    ? stageName(schema, id)
    : { schema: target.schema, name: besideName('stage', id) };
  if (stage.schema === target.schema) await ensureSchema(database, target.schema);
  await using guard = stageGuard(database, stage);
  const staged = await createStage(database, stage, task.query, model, {
    use: 'moved',
    like: undefined,
    check: checkContract,
  });
  const rows = await fillStage(database, staged, stage, task.query, signal);
  const failures = await auditStage(task, tools, id, staged);
  if (blocks(failures)) {
    await guard.keep();
    return auditFailed(rows, failures, stage);
  }
  signal.throwIfAborted();

  const last = task.recorded.builds(model.name).at(-1);
  await ensureSchema(database, target.schema);
  const same = last !== undefined && (await holdsSame(database, target, stage, staged));
  const old = { schema: target.schema, name: besideName('old', id) };
  const outcome = await publishWhole(
    task,
    tools,
    { id, rows, warnings: failures },
    (tx) => lockRelation(tx, target, schema),
    async (tx) => {
      if (same) return last.version;
      const found = await describeRelation(tx, target);
      if (!tx.dialect.bindsViews) await swap(tx, found, target, stage, old);
      else if (found?.kind === 'table' && sameColumns(found, staged)) {
        const columns = columnList(staged.columns.map((column) => column.name));
        await tx.query(sql`delete from ${ident(target)}`);
        await tx.query(sql`insert into ${ident(target)} (${columns}) select ${columns} from ${ident(stage)}`);
      } else {
        // The stage itself takes the place: readers wait for a rename, not for the rows to be copied.
        await replaceUnderViews(tx, target, found, task.views, async () => {
          await tx.query(sql`alter table ${ident(stage)} set schema ${sql.ident(target.schema)}`);
          await rename(tx, { ...stage, schema: target.schema }, target.name);
        });
      }
      return undefined;
    },
  );
  // Not in the transaction: who waits to read it still finds it. What is left behind, a later run sweeps.
  if (!database.dialect.bindsViews) await dropStage(database, old).catch(() => {});
  const analyze = database.dialect.analyze(target);
  if (analyze && !same) await database.query(analyze).catch(() => {});
  return outcome;
}

/**
 * Whether a table has the columns and rows of the stage. Asked outside the lock, for which readers may have to wait: a build
 * that comes in between is noticed by the fence.
 */
async function holdsSame(
  database: Database,
  target: RelationName,
  stage: RelationName,
  staged: DescribedRelation,
): Promise<boolean> {
  const found = await describeRelation(database, target);
  if (found?.kind !== 'table' || !sameColumns(found, staged)) return false;
  return (await checksum(database, target, staged)) === (await checksum(database, stage, staged));
}

/** Puts the stage in the table's place by two renames; views that are bound to nothing read the new one from then on. */
async function swap(
  tx: Session,
  found: DescribedRelation | undefined,
  target: RelationName,
  stage: RelationName,
  old: RelationName,
): Promise<void> {
  const grantAgain = await keepGrants(tx, target);
  const [bound] = found ? await viewsBoundTo(tx, found) : [];
  // It would read the old rows for ever.
  if (bound) throw heldBy(target, `Make ${bound.schema}.${bound.name} a late-binding view: with no schema binding.`);
  if (found?.kind === 'table') await rename(tx, target, old.name);
  else if (found) await tx.query(sql`drop ${raw(found.kind)} ${ident(target)}`);
  await rename(tx, stage, target.name);
  await grantAgain();
}

async function rename(tx: Session, table: RelationName, name: string): Promise<void> {
  await tx.query(sql`alter table ${ident(table)} rename to ${sql.ident(name)}`);
}

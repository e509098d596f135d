import { describeRelation, ensureSchema } from '../warehouse/catalogue.ts';
import { sql } from '../warehouse/database.ts';
import { checksum } from './checksum.ts';
import { checkContract } from './columns.ts';
import type { Outcome } from './outcome.ts';
import { publish } from './publish.ts';
import { lockRelation, replaceUnderViews, sameColumns } from './replace.ts';
import { columnList, createStage, fillStage, ident, newId, stageGuard, stageName } from './stage.ts';
import {
  auditFailed,
  auditStage,
  blocks,
  built,
  fence,
  newBuild,
  recordBuild,
  type WholeTask,
  type WholeTools,
} from './whole.ts';

/**
 * Builds a full table aside, audits it, and puts it in the old one's place together with its record. Rows that are what
 * they were leave the table untouched and keep its version.
 */
export async function buildTable(task: WholeTask, tools: WholeTools): Promise<Outcome> {
  const { database, schema, signal, recorder } = tools;
  const { model } = task;
  const id = newId();
  const stage = stageName(schema, id);
  const target = tools.own(model.name);
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

  const build = newBuild(task, tools, id, rows);
  const columns = columnList(staged.columns.map((column) => column.name));
  await ensureSchema(database, target.schema);
  const done = await publish(
    id,
    tools,
    (tx) => lockRelation(tx, target),
    async (tx) => {
      const next = await fence(task, recorder, tx);
      const found = await describeRelation(tx, target);
      const last = task.recorded.builds(model.name).at(-1);
      if (found?.kind === 'table' && sameColumns(found, staged)) {
        const [before, now] = [await checksum(tx, target, staged), await checksum(tx, stage, staged)];
        if (before === now && last) return recordBuild(tx, recorder, { ...build, version: last.version }, next);
        await tx.query(sql`delete from ${ident(target)}`);
        await tx.query(sql`insert into ${ident(target)} (${columns}) select ${columns} from ${ident(stage)}`);
      } else {
        // The stage itself takes the place: readers wait for a rename, not for the rows to be copied.
        await replaceUnderViews(tx, target, found, task.views, async () => {
          await tx.query(sql`alter table ${ident(stage)} set schema ${sql.ident(target.schema)}`);
          await tx.query(
            sql`alter table ${ident({ ...stage, schema: target.schema })} rename to ${sql.ident(target.name)}`,
          );
        });
      }
      return recordBuild(tx, recorder, build, next);
    },
  );
  return built(id, done, rows, failures);
}

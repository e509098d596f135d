import { Fault } from '../fault.ts';
import { describeReadable, describeRelation, ensureSchema } from '../warehouse/catalogue.ts';
import { sql } from '../warehouse/database.ts';
import type { Outcome } from './outcome.ts';
import { lockName, replaceUnderViews, startsWith } from './replace.ts';
import { ident, newId, raw, stageGuard, stageName } from './stage.ts';
import { auditFailed, auditStage, blocks, publishWhole, type WholeTask, type WholeTools } from './whole.ts';

/** Defines a view. Its query and its audits are tried on a view aside before anybody's view is touched. */
export async function buildView(task: WholeTask, tools: WholeTools): Promise<Outcome> {
  const { database, schema, signal } = tools;
  const { model, query } = task;
  const id = newId();
  const stage = stageName(schema, id);
  const target = tools.own(model.name);
  await using _ = stageGuard(database, stage, 'view');
  await database.query(database.dialect.createView(stage, raw(query)));
  const staged = await describeReadable(database, stage);
  if (!staged) throw new Fault('bug', `the view ${stage.name} was made and is not there`);
  const failures = await auditStage(task, tools, id, staged);
  if (blocks(failures)) return auditFailed(0, failures);
  signal.throwIfAborted();

  await ensureSchema(database, target.schema);
  // Awaited here: the guard drops the stage when this ends.
  return await publishWhole(
    task,
    tools,
    { id, rows: 0, warnings: failures },
    (tx) => lockName(tx, target, schema),
    async (tx) => {
      const found = await describeRelation(tx, target);
      if (tx.dialect.bindsViews && found?.kind === 'view' && startsWith(staged, found)) {
        await tx.query(sql`create or replace view ${ident(target)} as\n${raw(query)}`);
      } else {
        await replaceUnderViews(tx, target, found, task.views, async () => {
          await tx.query(tx.dialect.createView(target, raw(query)));
        });
      }
      return undefined;
    },
  );
}

import { describeRelation, ensureSchema } from '../warehouse/catalogue.ts';
import { type Session, type Statement, sql } from '../warehouse/database.ts';
import { buildTable } from './build-table.ts';
import { changeColumns, changeOf, checkContract, widenTexts } from './columns.ts';
import type { Outcome } from './outcome.ts';
import { lockRelation } from './replace.ts';
import {
  columnList,
  createStage,
  expectStaged,
  fillStage,
  ident,
  newId,
  sameKey,
  stageGuard,
  stageName,
} from './stage.ts';
import { auditFailed, auditStage, blocks, publishWhole, type WholeTask, type WholeTools } from './whole.ts';

/**
 * Builds an incremental model without time: its query gives the rows that are new or changed, and each takes the place of
 * the row with the same `unique_key`. The first build, a full refresh and changed SQL build the whole table.
 */
export async function buildKeyed(task: WholeTask, tools: WholeTools): Promise<Outcome> {
  const { database, schema, signal } = tools;
  const { model } = task;
  const target = tools.own(model.name);
  const found = await describeRelation(database, target);
  const last = task.recorded.builds(model.name).at(-1);
  const sameSql = last !== undefined && (last.sqlHash === task.sqlHash || model.onChange === 'forward');
  if (found?.kind !== 'table' || !sameSql || task.refresh) return buildTable(task, tools);

  const id = newId();
  const stage = stageName(schema, id);
  const query = task.renderIncrement();
  await using guard = stageGuard(database, stage);
  const like = model.onSchemaChange === 'rebuild' ? undefined : found;
  const staged = await createStage(database, stage, query, model, { use: 'copied', like, check: checkContract });
  const change = await widenTexts(database, target, changeOf(model, staged.columns, found.columns, false));
  // Columns taken over have to be filled for all rows, which this query does not give.
  if (change.kind === 'change' && model.onSchemaChange === 'rebuild') return buildTable(task, tools);
  const rows = await fillStage(database, staged, stage, query, signal);
  const same = sameKey(target, stage, model.uniqueKey);
  const beside = sql`(select * from ${ident(target)} where not exists (select 1 from ${ident(stage)} where ${same}))`;
  const failures = await auditStage(task, tools, id, staged, change.kind === 'none' ? beside : undefined);
  if (blocks(failures)) {
    await expectStaged(database, stage, rows);
    await guard.keep();
    return auditFailed(rows, failures, stage);
  }
  signal.throwIfAborted();

  const columns = columnList(staged.columns.map((column) => column.name));
  await ensureSchema(database, target.schema);
  // Awaited here: the guard drops the stage when this ends.
  return await publishWhole(
    task,
    tools,
    { id, rows, warnings: failures },
    (tx) => lockRelation(tx, target, schema),
    async (tx) => {
      await expectStaged(tx, stage, rows);
      await changeColumns(tx, target, change, task.views);
      if (!(await hasNews(tx, columns, ident(stage), ident(target)))) return last.version;
      await tx.query(sql`delete from ${ident(target)} using ${ident(stage)} where ${same}`);
      await tx.query(sql`insert into ${ident(target)} (${columns}) select ${columns} from ${ident(stage)}`);
      return undefined;
    },
  );
}

/** Whether any staged row is not there already. */
async function hasNews(tx: Session, columns: Statement, stage: Statement, target: Statement): Promise<boolean> {
  const [news] = await tx.query(
    sql`select 1 from (select ${columns} from ${stage} except select ${columns} from ${target}) as news limit 1`,
  );
  return news !== undefined;
}

import { edgeLiteral } from '../compile/edge.ts';
import { Fault } from '../fault.ts';
import { hashesOf, isAsked, passesOf } from '../plan/audited.ts';
import type { IncrementalNode, InputStates, TableNode, ViewNode } from '../plan/node.ts';
import type { Pass, Recorded } from '../plan/record.ts';
import { standingOf } from '../plan/standing.ts';
import type { Model } from '../project/model.ts';
import { type Calendar, windowsOf } from '../time/grain.ts';
import { intersect, type Range } from '../time/range.ts';
import { type DescribedRelation, describeRelation } from '../warehouse/catalogue.ts';
import { type Database, type Statement, sql } from '../warehouse/database.ts';
import { type Audited, auditQuery } from './audit.ts';
import type { AuditFailure, Outcome } from './outcome.ts';
import type { Own, Recorder } from './port.ts';
import { runAudits } from './run-audits.ts';
import { ident, newId, raw, stageGuard, stageName } from './stage.ts';
import { auditFailed, blocks } from './whole.ts';

/** What asking the audits of rows that stand needs. */
export interface AuditRowsTools {
  readonly own: Own;
  readonly database: Database;
  readonly recorder: Recorder;
  readonly calendar: Calendar;
  /** Schema of the stages. */
  readonly schema: string;
  readonly runId: string;
  readonly signal: AbortSignal;
}

export interface AuditRowsTask {
  readonly model: Model;
  readonly node: IncrementalNode | TableNode | ViewNode;
  readonly inputs: InputStates;
  readonly recorded: Recorded;
  /** The query of a file in models/audits over a relation. */
  custom(name: string, table: string, range?: Range): string;
}

/**
 * Asks today's audits of rows that were published under others, and records what they pass. The rows stay either way;
 * those that fail a blocking audit do not count. The record was read before the rows are: a build that comes in between
 * has rows of its own, which a pass of these says nothing of.
 */
export async function auditRows(
  task: AuditRowsTask,
  within: Range | undefined,
  tools: AuditRowsTools,
): Promise<Outcome> {
  const { model, node, recorded } = task;
  const relation = await describeRelation(tools.database, tools.own(model.name));
  if (!relation) throw new Fault('lost', `${model.name} is not there any more`);
  const warnings: AuditFailure[] = [];
  const passes: Pass[] = [];
  const pieces = unaskedPieces(task, within, tools.calendar);
  for (const range of pieces) {
    const failures = await ask(task, relation, range, tools);
    if (blocks(failures)) return auditFailed(0, failures);
    warnings.push(...failures);
    const last = recorded.builds(model.name).at(-1);
    const passed: Pass[] = range
      ? passesOf(node, range, recorded.builds(model.name))
      : last
        ? [{ model: model.name, build: last.id, audits: hashesOf(node) }]
        : [];
    await tools.recorder.addPasses(tools.database, passed, tools.runId);
    passes.push(...passed);
  }
  return pieces.length === 0 ? { kind: 'current' } : { kind: 'audited', passes, warnings };
}

/** What is still to be asked when the step's turn has come: ranges of windows, or once the whole (undefined). */
function unaskedPieces(
  { node, inputs, recorded }: AuditRowsTask,
  within: Range | undefined,
  calendar: Calendar,
): readonly (Range | undefined)[] {
  if (node.kind === 'incremental' && within) {
    return intersect([within], standingOf(node, inputs, recorded, calendar).unasked);
  }
  const last = recorded.builds(node.name).at(-1);
  return last && isAsked(node.audits, last, recorded.passes(node.name), 'any') ? [] : [undefined];
}

/** Asks all audits of a range's rows, through a view of just these, as if they stood in a stage; or of the whole table. */
async function ask(
  { model, custom }: AuditRowsTask,
  relation: DescribedRelation,
  range: Range | undefined,
  { database, schema, calendar, signal }: AuditRowsTools,
): Promise<readonly AuditFailure[]> {
  const id = newId();
  const queries = (audited: Audited) => model.audits.map((audit) => auditQuery(audit, audited));
  const { dialect } = database;
  const asked = {
    now: Date.now(),
    calendar,
    dialect,
    custom: (name: string, table: string) => custom(name, table, range),
  };
  const { windowing } = model;
  if (!range || !windowing)
    return (await runAudits(database, relation, queries({ ...asked, relation }), { schema, id }, signal)).failures;

  const edge = (at: number) => edgeLiteral(at, model, calendar);
  const time = sql.ident(windowing.timeColumn);
  const [from, until] = [raw(edge(range.from)), raw(edge(range.until))];
  const rows = (condition: Statement) => sql`select * from ${ident(relation)} where ${condition}`;
  const view = stageName(schema, id);
  await using _ = stageGuard(database, view, 'view');
  await database.query(dialect.createView(view, rows(sql`${time} >= ${from} and ${time} < ${until}`)));
  const windows = [...windowsOf(windowing.grain, range, calendar)];
  const audited: Audited = {
    ...asked,
    relation: { ...relation, ...view, kind: 'view' },
    windows: {
      timeColumn: windowing.timeColumn,
      edges: windows.map((one) => ({ from: edge(one.from), until: edge(one.until) })),
    },
    beside: sql`(${rows(sql`${time} < ${from} or ${time} >= ${until}`)})`,
  };
  return (await runAudits(database, view, queries(audited), { schema, id }, signal)).failures;
}

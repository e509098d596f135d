import { edgeLiteral } from '../compile/edge.ts';
import { recordName } from '../config/config.ts';
import { auditQuery } from '../execute/audit.ts';
import type { AuditFailure } from '../execute/outcome.ts';
import { runAudits } from '../execute/run-audits.ts';
import { newId } from '../execute/stage.ts';
import { overlay } from '../plan/overlay.ts';
import type { Recorded } from '../plan/record.ts';
import { recordSchema } from '../record/schema.ts';
import { windowsOf } from '../time/grain.ts';
import { merge } from '../time/range.ts';
import { describeReadable } from '../warehouse/catalogue.ts';
import type { Database } from '../warehouse/database.ts';
import { placeModel } from './places.ts';
import type { Workspace } from './workspace.ts';

/** What the audits of one model say of what stands in its table. */
export interface AuditVerdict {
  readonly model: string;
  readonly audits: number;
  readonly failures: readonly AuditFailure[];
  /** False for a model that is not built: then nothing was asked. */
  readonly built: boolean;
}

/** Asks the audits of models of what is built, table by table; the windows are those that are recorded. */
export async function auditBuilt(
  { models, config, places }: Workspace,
  names: readonly string[],
  recorded: Recorded,
  database: Database,
  signal: AbortSignal,
): Promise<AuditVerdict[]> {
  const { calendar } = config;
  const verdicts: AuditVerdict[] = [];
  for (const name of names) {
    const found = models.get(name);
    if (!found || found.model.audits.length === 0) continue;
    const compiled = placeModel(found, places);
    const { model } = compiled;
    const relation = await describeReadable(database, places.own(name));
    if (!relation) {
      verdicts.push({ model: name, audits: model.audits.length, failures: [], built: false });
      continue;
    }
    const { windowing } = model;
    const edge = (at: number) => edgeLiteral(at, model, calendar);
    const ranges = windowing ? merge(overlay(recorded.builds(name))) : [];
    const windows = windowing && {
      timeColumn: windowing.timeColumn,
      edges: ranges.flatMap((range) =>
        [...windowsOf(windowing.grain, range, calendar)].map(({ from, until }) => ({
          from: edge(from),
          until: edge(until),
        })),
      ),
    };
    const [first] = ranges;
    const facts = first ? { range: { from: first.from, until: ranges.at(-1)?.until ?? first.until } } : {};
    const audited = {
      relation,
      ...(windows ? { windows } : {}),
      now: Date.now(),
      calendar,
      dialect: database.dialect,
      custom: (audit: string, table: string) => compiled.renderAudit(audit, facts, table),
    };
    const queries = model.audits.map((audit) => auditQuery(audit, audited));
    const evidence = { schema: recordSchema(recordName(config)), id: newId() };
    const { failures } = await runAudits(database, relation, queries, evidence, signal);
    verdicts.push({ model: name, audits: queries.length, failures, built: true });
  }
  return verdicts;
}

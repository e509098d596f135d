import type { InputVersions, Recorded } from '../plan/record.ts';
import type { Model } from '../project/model.ts';
import type { Calendar } from '../time/grain.ts';
import type { DescribedRelation, RelationName } from '../warehouse/catalogue.ts';
import type { Database, Session, Statement } from '../warehouse/database.ts';
import { auditQuery } from './audit.ts';
import type { AuditFailure, Outcome } from './outcome.ts';
import type { Patience } from './patience.ts';
import type { Own, Recorder } from './port.ts';
import { type Published, publish } from './publish.ts';
import type { DependentView } from './replace.ts';
import { runAudits } from './run-audits.ts';

/** What building something without windows needs. */
export interface WholeTools {
  readonly own: Own;
  readonly database: Database;
  readonly recorder: Recorder;
  /** Schema of the stages. */
  readonly schema: string;
  readonly runId: string;
  readonly calendar: Calendar;
  readonly patience: Patience;
  readonly signal: AbortSignal;
}

/** A view, a full table, a table by key or a snapshot to be built. */
export interface WholeTask {
  readonly model: Model;
  /** The query of all rows. */
  readonly query: string;
  /** The query of an incremental model's new and changed rows. */
  renderIncrement(): string;
  /** Build all rows anew, whatever is there: a full refresh. */
  readonly refresh: boolean;
  readonly sqlHash: string;
  /** Hashes of the model's audits. */
  readonly audits: readonly string[];
  readonly inputs: Readonly<Record<string, InputVersions>>;
  readonly recorded: Recorded;
  /** Our views that read this model, in the order of the graph. */
  readonly views: readonly DependentView[];
  /** The query of a file in models/audits over a relation. */
  custom(name: string, table: string): string;
}

/** Audits what is staged of something without windows; `beside` are the rows that stay. */
export async function auditStage(
  { model, custom }: WholeTask,
  { database, schema, calendar, signal }: WholeTools,
  id: string,
  relation: DescribedRelation,
  beside?: Statement,
): Promise<readonly AuditFailure[]> {
  if (model.audits.length === 0) return [];
  const audited = {
    relation,
    ...(beside ? { beside } : {}),
    now: Date.now(),
    calendar,
    dialect: database.dialect,
    custom,
  };
  const queries = model.audits.map((audit) => auditQuery(audit, audited));
  return (await runAudits(database, relation, queries, { schema, id }, signal)).failures;
}

export const blocks = (failures: readonly AuditFailure[]) => failures.some((failure) => failure.severity === 'error');

export function auditFailed(rows: number, failures: readonly AuditFailure[], evidence?: RelationName): Outcome {
  const kept = evidence && `${evidence.schema}.${evidence.name}`;
  return { kind: 'audit-failed', rows, failures, evidence: kept };
}

/** What was staged, and stands before being published. */
export interface Staged {
  readonly id: string;
  readonly rows: number;
  readonly warnings: readonly AuditFailure[];
}

/**
 * Publishes what was staged in one transaction: behind `lock` the fence (`Fault` lost when a newer build is there), then
 * `change`, then the record. `change` gives the version that the rows were and still are, or undefined where they are new.
 */
export async function publishWhole(
  task: WholeTask,
  tools: WholeTools,
  { id, rows, warnings }: Staged,
  lock: (tx: Session) => Promise<void>,
  change: (tx: Session) => Promise<string | undefined>,
): Promise<Outcome> {
  const { recorder, runId } = tools;
  const { model, sqlHash, audits, inputs, recorded } = task;
  const done = await publish(id, tools, lock, async (tx) => {
    const sequence = await recorder.fence(tx, model.name, recorded.sequence(model.name));
    const version = (await change(tx)) ?? id;
    const build = { model: model.name, id, version, sqlHash, audits, inputs, rows, runId };
    await recorder.addBuild(tx, build, sequence);
    return { builds: [{ ...build, sequence }], loads: [] };
  });
  return built(id, done, rows, warnings);
}

export function built(id: string, done: Published, rows: number, warnings: readonly AuditFailure[]): Outcome {
  const unchanged = done.builds.every((build) => build.version !== id);
  return { kind: 'built', rows, unchanged, ...done, warnings };
}

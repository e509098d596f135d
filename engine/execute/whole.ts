import type { InputVersions, Recorded } from '../plan/record.ts';
import type { Model } from '../project/model.ts';
import type { Calendar } from '../time/grain.ts';
import type { DescribedRelation, RelationName } from '../warehouse/catalogue.ts';
import type { Database, Session, Statement } from '../warehouse/database.ts';
import { auditQuery } from './audit.ts';
import type { AuditFailure, Outcome } from './outcome.ts';
import type { Patience } from './patience.ts';
import type { NewBuild, Own, Recorder } from './port.ts';
import type { Published } from './publish.ts';
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

/** The build that is about to be recorded. */
export function newBuild(task: WholeTask, tools: WholeTools, id: string, rows: number): NewBuild {
  return {
    model: task.model.name,
    id,
    version: id,
    sqlHash: task.sqlHash,
    audits: task.audits,
    inputs: task.inputs,
    rows,
    runId: tools.runId,
  };
}

/** In the publishing transaction, behind the lock: the next sequence, or `Fault` lost when a newer build is there. */
export function fence(task: WholeTask, recorder: Recorder, tx: Session): Promise<number> {
  return recorder.fence(tx, task.model.name, task.recorded.sequence(task.model.name));
}

/** Records the build, and says what was published. */
export async function recordBuild(tx: Session, recorder: Recorder, build: NewBuild, next: number): Promise<Published> {
  await recorder.addBuild(tx, build, next);
  return { builds: [{ ...build, sequence: next }], loads: [] };
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

export function built(id: string, done: Published, rows: number, warnings: readonly AuditFailure[]): Outcome {
  const unchanged = done.builds.every((build) => build.version !== id);
  return { kind: 'built', rows, unchanged, ...done, warnings };
}

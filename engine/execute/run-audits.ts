import { Fault } from '../fault.ts';
import type { RelationName } from '../warehouse/catalogue.ts';
import { type Database, sql } from '../warehouse/database.ts';
import { classify, sqlErrorOf, withoutPosition } from '../warehouse/sql-error.ts';
import type { WindowSum } from '../warehouse/window-sums.ts';
import type { AuditQuery } from './audit.ts';
import { type AuditPass, askRest, type SummedWindows, scanRows } from './audit-pass.ts';
import type { AuditFailure } from './outcome.ts';
import { ident } from './stage.ts';

/** How many failing rows are read to be shown, and how many are kept in a table to be looked into. */
const shown = 20;
const kept = 1_000;

const nothingScanned: AuditPass = { rows: 0, broken: [], sums: [] };

/** Where failing rows are kept: tables `failing_<id>_<number>` of the schema of stages. */
export interface Evidence {
  readonly schema: string;
  readonly id: string;
}

/** What audits have found in a relation. */
export interface Audited {
  /** Of the relation, where windows were asked for. */
  readonly rows: number;
  readonly sums: readonly WindowSum[];
  readonly failures: readonly AuditFailure[];
}

/**
 * Runs the audits of a relation, in one scan and one question beside it, and returns those that some row breaks, each with rows to look at and a
 * table that keeps more of them; on the way it sums the rows of windows. An aborted signal cancels on the server. Throws
 * `Fault` failed naming the audit whose SQL is wrong.
 */
export async function runAudits(
  database: Database,
  relation: RelationName,
  audits: readonly AuditQuery[],
  evidence: Evidence,
  signal: AbortSignal,
  windows?: SummedWindows,
): Promise<Audited> {
  const reading = { readOnly: true, signal };
  const pass = async (some: readonly AuditQuery[]): Promise<AuditPass> => {
    const scans = windows !== undefined || some.some(({ breaks }) => breaks !== undefined);
    const asks = some.some(({ breaks }) => breaks === undefined);
    const [scan, rest] = await Promise.all([
      scans ? database.transaction((tx) => scanRows(tx, relation, some, windows), reading) : nothingScanned,
      asks ? database.transaction((tx) => askRest(tx, some), reading) : [],
    ]);
    return { ...scan, broken: some.map((_, index) => (scan.broken[index] ?? 0) + (rest[index] ?? 0)) };
  };
  const { rows, sums, broken } = await pass(audits).catch((error: unknown) => oneByOne(database, error, audits, pass));
  const failures: AuditFailure[] = [];
  for (const [index, audit] of audits.entries()) {
    if (!broken[index]) continue;
    const failure = await collect(database, audit, { ...evidence, number: failures.length + 1 }, signal);
    if (failure) failures.push(failure);
  }
  return { rows, sums, failures };
}

/** Which of the audits is it whose SQL is wrong? Where each by itself is right, their counts stand. */
async function oneByOne(
  database: Database,
  error: unknown,
  audits: readonly AuditQuery[],
  pass: (some: readonly AuditQuery[]) => Promise<AuditPass>,
): Promise<AuditPass> {
  if (!sqlErrorOf(error) || classify(error) !== 'permanent') throw error;
  const broken: number[] = [];
  for (const audit of audits) {
    const alone = await pass([audit]).catch(async (wrong: unknown) => {
      throw inAudit(audit, await byItself(database, audit, wrong));
    });
    broken.push(alone.broken[0] ?? 0);
  }
  return { ...(await pass([])), broken };
}

/** The rows that break an audit; undefined when there are none any more. */
async function collect(
  database: Database,
  { audit, severity, place, query }: AuditQuery,
  { schema, id, number }: Evidence & { readonly number: number },
  signal: AbortSignal,
): Promise<AuditFailure | undefined> {
  const failing = sql`select *, count(*) over () as failing_rows from (${query}) as failing limit ${shown}`;
  const rows = await database.transaction((tx) => tx.query(failing), { readOnly: true, signal });
  const [first] = rows;
  if (!first) return undefined;
  const table = { schema, name: `failing_${id}_${number}` };
  await database.run(sql`create table ${ident(table)} as select * from (${query}) as failing limit ${kept}`, signal);
  return {
    audit,
    severity,
    ...(place ? { place } : {}),
    count: Number(first['failing_rows']),
    rows: rows.map(({ failing_rows: _, ...row }) => row),
    kept: `${table.schema}.${table.name}`,
  };
}

/** The error that an audit's query makes by itself, one line below its statement; else the one that it made. */
async function byItself(database: Database, { query }: AuditQuery, error: unknown): Promise<unknown> {
  try {
    await database.query(sql`select * from (\n${query}\n) as failing limit 0`);
    return error;
  } catch (alone) {
    return sqlErrorOf(alone) ? alone : error;
  }
}

/** An audit's error at its place: the line of its own file, or the entry in the model's header. */
function inAudit({ audit, place }: AuditQuery, error: unknown): unknown {
  if (!(error instanceof Fault) || error.code !== 'failed') return error;
  const line = sqlErrorOf(error)?.line;
  const inFile = place?.line === undefined && line !== undefined && line > 1 ? { line: line - 1 } : {};
  return new Fault('failed', `audit "${audit}": ${withoutPosition(error.message)}`, {
    ...(place ? { place: { ...place, ...inFile } } : {}),
    ...(error.hint ? { hint: error.hint } : {}),
    cause: { ...(error.cause as object), line: undefined },
  });
}

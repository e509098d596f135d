import { Fault } from '../fault.ts';
import { type Database, sql } from '../warehouse/database.ts';
import type { AuditQuery } from './audit.ts';
import type { AuditFailure } from './outcome.ts';
import { ident } from './stage.ts';

/** How many failing rows are read to be shown, and how many are kept in a table to be looked into. */
const shown = 20;
const kept = 1_000;

/** Where failing rows are kept: tables `failing_<id>_<number>` of the schema of stages. */
export interface Evidence {
  readonly schema: string;
  readonly id: string;
}

/**
 * Runs audits one after another and returns those that some row breaks, each with rows to look at and a table that keeps
 * more of them. An aborted signal cancels on the server. Throws `Fault` failed naming the audit whose SQL is wrong.
 */
export async function runAudits(
  database: Database,
  audits: readonly AuditQuery[],
  { schema, id }: Evidence,
  signal: AbortSignal,
): Promise<AuditFailure[]> {
  const failures: AuditFailure[] = [];
  for (const { audit, severity, query } of audits) {
    const failing = sql`select *, count(*) over () as failing_rows from (${query}) as failing limit ${shown}`;
    const rows = await database
      .transaction((tx) => tx.query(failing), { readOnly: true, signal })
      .catch((error: unknown) => {
        throw inAudit(audit, error);
      });
    const [first] = rows;
    if (!first) continue;
    const table = { schema, name: `failing_${id}_${failures.length + 1}` };
    await database.run(sql`create table ${ident(table)} as select * from (${query}) as failing limit ${kept}`, signal);
    failures.push({
      audit,
      severity,
      count: Number(first['failing_rows']),
      rows: rows.map(({ failing_rows: _, ...row }) => row),
      kept: `${table.schema}.${table.name}`,
    });
  }
  return failures;
}

/** The line that the server names is one of the audit's query, not of the model's file. */
function inAudit(audit: string, error: unknown): unknown {
  if (!(error instanceof Fault) || error.code !== 'failed') return error;
  return new Fault('failed', `audit "${audit}": ${error.message}`, {
    ...(error.hint ? { hint: error.hint } : {}),
    cause: { ...(error.cause as object), line: undefined },
  });
}

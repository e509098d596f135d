import type { Audit } from '../project/model-header.ts';
import type { RelationName } from '../warehouse/catalogue.ts';
import { type Database, type Statement, sql } from '../warehouse/database.ts';
import type { AuditFailure } from './outcome.ts';
import { columnList, ident, raw } from './stage.ts';

/** How many failing rows are read to be shown. */
const shown = 20;

/** A rule as a query whose rows are those that break it. */
export interface AuditQuery {
  readonly audit: string;
  readonly severity: 'error' | 'warn';
  readonly query: Statement;
}

/** The query of one audit over a table. An expression that is null (not known) passes; say `is not null` to refuse it. */
export function auditQuery(audit: Audit, table: RelationName): AuditQuery {
  const { severity } = audit;
  switch (audit.kind) {
    case 'not_null': {
      const anyNull = sql.join(
        audit.columns.map((column) => sql`${sql.ident(column)} is null`),
        ' OR ',
      );
      const query = sql`select * from ${ident(table)} where ${anyNull}`;
      return { audit: `not_null: ${audit.columns.join(', ')}`, severity, query };
    }
    case 'unique': {
      const columns = columnList(audit.columns);
      const query = sql`select ${columns}, count(*) as copies from ${ident(table)} group by ${columns} having count(*) > 1`;
      return { audit: `unique: ${audit.columns.join(', ')}`, severity, query };
    }
    case 'expression':
      return {
        audit: `expression: ${audit.sql}`,
        severity,
        query: sql`select * from ${ident(table)} where not (${raw(audit.sql)})`,
      };
    case 'row_count': {
      const tooMany = audit.max === undefined ? sql`false` : sql`count(*) > ${audit.max}`;
      const query = sql`select count(*) as rows from ${ident(table)} having count(*) < ${audit.min} or ${tooMany}`;
      return { audit: `row_count: ${audit.min} to ${audit.max ?? 'any number'}`, severity, query };
    }
  }
}

/** Always on and blocking for windows: the time column is never null and lies inside the built range. */
export function insideRange(table: RelationName, timeColumn: string, from: string, until: string): AuditQuery {
  const column = sql.ident(timeColumn);
  return {
    audit: `${timeColumn} is inside the window`,
    severity: 'error',
    query: sql`select * from ${ident(table)}
               where ${column} is null or ${column} < ${raw(from)} or ${column} >= ${raw(until)}`,
  };
}

/** Runs audits one after another and returns those that some row breaks. */
export async function runAudits(
  database: Database,
  audits: readonly AuditQuery[],
  signal: AbortSignal,
): Promise<AuditFailure[]> {
  const failures: AuditFailure[] = [];
  for (const { audit, severity, query } of audits) {
    const failing = sql`select *, count(*) over () as failing_rows from (${query}) as failing limit ${shown}`;
    const rows = await database.transaction((tx) => tx.query(failing), { readOnly: true, signal });
    const [first] = rows;
    if (!first) continue;
    failures.push({
      audit,
      severity,
      count: Number(first['failing_rows']),
      rows: rows.map(({ failing_rows: _, ...row }) => row),
    });
  }
  return failures;
}

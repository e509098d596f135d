import type { Place } from '../fault.ts';
import type { Audit } from '../project/audit.ts';
import { type Calendar, shift } from '../time/grain.ts';
import { wallTimeAt } from '../time/zone.ts';
import type { DescribedRelation, RelationName } from '../warehouse/catalogue.ts';
import { type Statement, sql } from '../warehouse/database.ts';
import { timeLiteral } from '../warehouse/dialect.ts';
import type { Dialect } from '../warehouse/dialect-port.ts';
import { columnList, ident, raw, relationName } from './stage.ts';

/** A rule as a query whose rows are those that break it. */
export interface AuditQuery {
  /** The rule as people read it: `unique: sale_date, store_id`. */
  readonly audit: string;
  readonly severity: 'error' | 'warn';
  /** Where it is written; of a file of its own, the file. */
  readonly place?: Place;
  readonly query: Statement;
  /** Of a rule that looks at one row of the relation at a time: what holds for a row that breaks it. */
  readonly breaks?: Statement;
}

/** What is audited: rows that stand aside in a stage, or in their table. */
export interface Audited {
  readonly relation: DescribedRelation;
  /** The windows of the rows, their edges as literals in the time column's type; undefined where there are none. */
  readonly windows?: {
    readonly timeColumn: string;
    readonly edges: readonly { readonly from: string; readonly until: string }[];
  };
  /** The rows that will stand in the table beside these; undefined where these are all. */
  readonly beside?: Statement;
  readonly now: number;
  readonly calendar: Calendar;
  readonly dialect: Dialect;
  /** The query of a file in models/audits over a relation. */
  custom(name: string, table: string): string;
}

/** The query of one audit. An expression that is null (not known) passes; say `is not null` to refuse it. */
export function auditQuery(audit: Audit, audited: Audited): AuditQuery {
  const place = audit.kind === 'sql' ? { file: `models/audits/${audit.name}.sql` } : audit.place;
  return { ...rule(audit, audited), ...(place ? { place } : {}) };
}

function rule(audit: Audit, audited: Audited): AuditQuery {
  const { severity } = audit;
  const table = ident(audited.relation);
  switch (audit.kind) {
    case 'not_null': {
      const anyNull = sql.join(
        audit.columns.map((column) => sql`${sql.ident(column)} is null`),
        ' OR ',
      );
      return byRow(table, `not_null: ${audit.columns.join(', ')}`, severity, anyNull);
    }
    case 'unique': {
      const columns = columnList(audit.columns);
      // Equal times are of one window, so that there is nothing to tell apart.
      const apart = audit.scope === 'window' && audited.windows && !audit.columns.includes(audited.windows.timeColumn);
      const group = apart ? sql`${columns}, ${windowNumber(audited)}` : columns;
      const query = sql`select ${columns}, count(*) as copies from ${rowsOf(audited, audit.scope)} as audited
                        group by ${group} having count(*) > 1`;
      return { audit: `unique: ${audit.columns.join(', ')}`, severity, query };
    }
    case 'accepted_values': {
      const column = sql.ident(audit.column);
      const kind = audited.relation.columns.find(({ name }) => name === audit.column)?.kind ?? 'other';
      const values = audit.values.map((value) => sql`${String(value)}`);
      const accepted = sql`${audited.dialect.text(column, kind)} in (${sql.join(values, ', ')})`;
      return byRow(table, `accepted_values: ${audit.column}`, severity, sql`not (${accepted})`);
    }
    case 'relationships': {
      const column = sql.ident(audit.column);
      const query = sql`select audited.* from ${table} as audited where audited.${column} is not null and not exists (
                          select 1 from ${ident(relationName(audit.to))} as other
                          where other.${sql.ident(audit.field)} = audited.${column})`;
      return { audit: `relationships: ${audit.column} in ${audit.to}.${audit.field}`, severity, query };
    }
    case 'expression':
      return byRow(table, `expression: ${audit.sql}`, severity, sql`not (${raw(audit.sql)})`);
    case 'row_count':
      return {
        audit: `row_count: ${audit.min} to ${audit.max ?? 'any number'}`,
        severity,
        query: countQuery(audit, audited),
      };
    case 'freshness': {
      const column = sql.ident(audit.column);
      const newest = sql`max(${column})`;
      const query = sql`select ${newest} as newest from ${table}
                        having ${newest} is null or ${newest} < ${raw(oldest(audit, audited))}`;
      return { audit: `freshness: ${audit.column}`, severity, query };
    }
    case 'sql': {
      const { schema, name } = audited.relation;
      const query = raw(audited.custom(audit.name, `"${schema}"."${name}"`));
      return { audit: `sql: ${audit.name}`, severity, query };
    }
  }
}

/** Always on and blocking for windows: the time column is never null and lies inside the built range. */
export function insideRange(table: RelationName, timeColumn: string, from: string, until: string): AuditQuery {
  const column = sql.ident(timeColumn);
  const outside = sql`${column} is null or ${column} < ${raw(from)} or ${column} >= ${raw(until)}`;
  return byRow(ident(table), `${timeColumn} is inside the window`, 'error', outside);
}

function byRow(table: Statement, audit: string, severity: 'error' | 'warn', breaks: Statement): AuditQuery {
  return { audit, severity, query: sql`select * from ${table} where ${breaks}`, breaks };
}

/** The rows that an audit of this scope is about, as something to select from. */
function rowsOf({ relation, beside }: Audited, scope: 'window' | 'build' | 'table'): Statement {
  if (scope !== 'table' || !beside) return ident(relation);
  const columns = columnList(relation.columns.map((column) => column.name));
  return sql`(select ${columns} from ${ident(relation)} union all select ${columns} from ${beside} as beside)`;
}

/** The number, from 1, of the window that a row is in. */
function windowNumber({ windows, dialect }: Audited): Statement {
  const edges = (windows?.edges ?? []).map(({ from }) => raw(from));
  return dialect.windowNumber(sql`audited.${sql.ident(windows?.timeColumn ?? '')}`, edges);
}

/** Counts too low or too high; of windows, those without any row count too. */
function countQuery(audit: Extract<Audit, { kind: 'row_count' }>, audited: Audited): Statement {
  const wrong = (count: Statement) => {
    const tooMany = audit.max === undefined ? sql`false` : sql`${count} > ${audit.max}`;
    return sql`${count} < ${audit.min} or ${tooMany}`;
  };
  const rows = rowsOf(audited, audit.scope);
  const { windows } = audited;
  if (audit.scope !== 'window' || !windows || windows.edges.length === 0)
    return sql`select count(*) as rows from ${rows} as audited having ${wrong(sql`count(*)`)}`;
  const list = sql.join(
    windows.edges.map(
      ({ from }, index) => sql`select ${raw(String(index + 1))} as number, ${raw(from)} as window_from`,
    ),
    sql` union all `,
  );
  const count = sql`coalesce(counted.rows, 0)`;
  return sql`select w.window_from, ${count} as rows from (${list}) as w
             left join (select ${windowNumber(audited)} as number, count(*) as rows from ${rows} as audited group by 1) as counted
               on counted.number = w.number
             where ${wrong(count)}`;
}

/** The oldest value that is still fresh, as a literal of the column's type: wall time of the business zone but for instants. */
function oldest(
  { column, within }: Extract<Audit, { kind: 'freshness' }>,
  { relation, now, calendar }: Audited,
): string {
  const at = shift(now, within, -1, calendar);
  const kind = relation.columns.find(({ name }) => name === column)?.kind;
  if (kind === 'timestamptz') return timeLiteral('timestamptz', new Date(at).toISOString());
  return `timestamp '${new Date(wallTimeAt(calendar.timezone, at)).toISOString().slice(0, 19)}'`;
}

import { z } from 'zod';
import type { Place } from '../fault.ts';
import { type Duration, parseDuration } from '../time/grain.ts';

const columnName = z.string().regex(/^[a-z_][a-z0-9_]*$/, 'small letters, digits and _');
const columns = z.array(columnName).min(1);
const severity = z.enum(['error', 'warn']).default('error');
const scope = z.enum(['window', 'build', 'table']).default('window');
const table = z.string().regex(/^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/, 'write it as schema.table');

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'a duration such as 6h, 13d, 2w or 1mo')
  .transform((text) => parseDuration(text) as Duration);

/** Either the short form, a list of columns, or the long one. */
const notNull = z.union([
  columns.transform((list) => ({ columns: list, severity: 'error' as const })),
  z.strictObject({ columns, severity }),
]);
const unique = z.union([
  columns.transform((list) => ({ columns: list, severity: 'error' as const, scope: 'window' as const })),
  z.strictObject({ columns, severity, scope }),
]);
const auditName = z.string().regex(/^[a-z_][a-z0-9_]*$/, 'the name of a file in models/audits, without .sql');
const custom = z.union([
  auditName.transform((name) => ({ name, severity: 'error' as const })),
  z.strictObject({ name: auditName, severity }),
]);

/** One entry of `audits:` in a model's header. */
export const auditSchema = z.union([
  z.strictObject({ not_null: notNull }),
  z.strictObject({ unique }),
  z.strictObject({
    accepted_values: z.strictObject({
      column: columnName,
      values: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1),
      severity,
    }),
  }),
  z.strictObject({
    relationships: z.strictObject({ column: columnName, to: table, field: columnName.optional(), severity }),
  }),
  z.strictObject({ expression: z.strictObject({ sql: z.string(), severity }) }),
  z.strictObject({
    row_count: z.strictObject({ min: z.int().min(0).optional(), max: z.int().min(0).optional(), severity, scope }),
  }),
  z.strictObject({ freshness: z.strictObject({ column: columnName, within: duration, severity }) }),
  z.strictObject({ sql: custom }),
]);

/** The rows that a rule speaks of: each window by itself, all that is built together, or all that stands in the table. */
export type AuditScope = z.infer<typeof scope>;

interface Common {
  readonly severity: 'error' | 'warn';
  /** Where it is written. */
  readonly place?: Place;
}

/** A rule that a model's rows must obey. */
export type Audit = Common &
  (
    | { readonly kind: 'not_null'; readonly columns: readonly string[] }
    | { readonly kind: 'unique'; readonly columns: readonly string[]; readonly scope: AuditScope }
    | {
        readonly kind: 'accepted_values';
        readonly column: string;
        readonly values: readonly (string | number | boolean)[];
      }
    /** Every value that is not null stands in another table's column. */
    | { readonly kind: 'relationships'; readonly column: string; readonly to: string; readonly field: string }
    | { readonly kind: 'expression'; readonly sql: string }
    | {
        readonly kind: 'row_count';
        readonly min: number;
        readonly max: number | undefined;
        readonly scope: AuditScope;
      }
    /** The newest value is at most so old when the audit is asked. */
    | { readonly kind: 'freshness'; readonly column: string; readonly within: Duration }
    /** The rows that a query of `models/audits/<name>.sql` finds are wrong. */
    | { readonly kind: 'sql'; readonly name: string }
  );

/** An entry in its one canonical form. */
export function auditOf(entry: z.infer<typeof auditSchema>): Audit {
  if ('not_null' in entry) return { kind: 'not_null', ...entry.not_null };
  if ('unique' in entry) return { kind: 'unique', ...entry.unique };
  if ('accepted_values' in entry) return { kind: 'accepted_values', ...entry.accepted_values };
  if ('relationships' in entry) {
    const { field = entry.relationships.column, ...rest } = entry.relationships;
    return { kind: 'relationships', ...rest, field };
  }
  if ('expression' in entry) return { kind: 'expression', ...entry.expression };
  if ('freshness' in entry) return { kind: 'freshness', ...entry.freshness };
  if ('sql' in entry) return { kind: 'sql', ...entry.sql };
  const { min = 0, max, ...rest } = entry.row_count;
  return { kind: 'row_count', min, max, ...rest };
}

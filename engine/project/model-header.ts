import { z } from 'zod';
import { grains, parseDuration } from '../time/grain.ts';
import { parseDay } from '../time/zone.ts';

/** `kpi.store_daily`: the relation a file or a name stands for. */
export const relation = z.string().regex(/^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/, 'write it as schema.table');
/** A column, as we write its name. */
export const columnName = z.string().regex(/^[a-z_][a-z0-9_]*$/, 'small letters, digits and _');

/** A stretch of calendar time such as 13d. */
export const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'a duration such as 6h, 13d, 2w or 1mo')
  .transform((text) => parseDuration(text) as NonNullable<ReturnType<typeof parseDuration>>);

/** A date, kept as text: YAML's own dates would become instants. */
export const day = z.preprocess(
  (value) => (value instanceof Date ? value.toISOString().slice(0, 10) : value),
  z.string().refine((text) => parseDay(text) !== undefined, 'a date such as 2021-09-01'),
);

const severity = z.enum(['error', 'warn']).default('error');
const columns = z.array(columnName).min(1);

/** Either the short form, a list of columns, or the long one with its severity. */
const onColumns = z.union([
  columns.transform((list) => ({ columns: list, severity: 'error' as const })),
  z.strictObject({ columns, severity }),
]);

const audit = z.union([
  z.strictObject({ not_null: onColumns }),
  z.strictObject({ unique: onColumns }),
  z.strictObject({ expression: z.strictObject({ sql: z.string(), severity }) }),
  z.strictObject({
    row_count: z.strictObject({ min: z.int().min(0).optional(), max: z.int().min(0).optional(), severity }),
  }),
]);

/** Physical design, for Redshift alone; other warehouses have no use for it. */
const redshift = z.strictObject({
  dist: z.string().optional(),
  sort: z.array(columnName).optional(),
});

const column = z.strictObject({
  description: z.string().optional(),
  type: z.string().optional(),
  unit: z.string().optional(),
});

/** What stands between the marks at the head of a model's file. */
export const modelHeaderSchema = z
  .strictObject({
    description: z.string().default(''),
    materialized: z.enum(['view', 'table', 'incremental']).default('view'),
    time_column: columnName.optional(),
    grain: z.enum(grains).optional(),
    start: day.optional(),
    reads_back: z.record(relation, duration).default({}),
    /** Windows so far back are built once more when a newer window becomes due: for late rows. */
    lookback: duration.optional(),
    /** Whether changed SQL rebuilds history or holds from now on. */
    on_change: z.enum(['rebuild', 'forward']).default('rebuild'),
    /** Of a model without time: a change of it makes the history of its readers stale. */
    restates: z.boolean().default(false),
    batch: z.int().min(1).default(90),
    /** No two rows may agree in these columns: a blocking audit. */
    unique_key: columns.optional(),
    columns: z.record(columnName, column).default({}),
    audits: z.array(audit).default([]),
    depends_on: z.array(relation).default([]),
    redshift: redshift.optional(),
    tags: z.array(z.string()).default([]),
  })
  .superRefine((header, context) => {
    if (header.materialized !== 'incremental') {
      if (header.lookback) {
        context.addIssue({ code: 'custom', path: ['lookback'], message: 'is for incremental models' });
      }
      if (header.on_change === 'forward') {
        context.addIssue({ code: 'custom', path: ['on_change'], message: 'is for incremental models' });
      }
      return;
    }
    if (header.restates) {
      context.addIssue({
        code: 'custom',
        path: ['restates'],
        message: 'is for models without windows; the others always do',
      });
    }
    for (const key of ['time_column', 'grain'] as const) {
      if (header[key] === undefined) {
        context.addIssue({ code: 'custom', path: [key], message: 'an incremental model needs it' });
      }
    }
  });

export type ModelHeader = z.infer<typeof modelHeaderSchema>;

/** A rule that a model's rows must obey. */
export type Audit =
  | { readonly kind: 'not_null'; readonly columns: readonly string[]; readonly severity: 'error' | 'warn' }
  | { readonly kind: 'unique'; readonly columns: readonly string[]; readonly severity: 'error' | 'warn' }
  | { readonly kind: 'expression'; readonly sql: string; readonly severity: 'error' | 'warn' }
  /** Of what is built together: the range, the table, the view. */
  | {
      readonly kind: 'row_count';
      readonly min: number;
      readonly max: number | undefined;
      readonly severity: 'error' | 'warn';
    };

/** The audits of a header in their one canonical form. */
export function auditsOf(header: ModelHeader): Audit[] {
  const key: Audit[] = header.unique_key ? [{ kind: 'unique', columns: header.unique_key, severity: 'error' }] : [];
  const written = header.audits.map((entry): Audit => {
    if ('not_null' in entry) return { kind: 'not_null', ...entry.not_null };
    if ('unique' in entry) return { kind: 'unique', ...entry.unique };
    if ('expression' in entry) return { kind: 'expression', ...entry.expression };
    const { min = 0, max, severity } = entry.row_count;
    return { kind: 'row_count', min, max, severity };
  });
  return [...key, ...written];
}

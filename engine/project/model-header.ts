import { z } from 'zod';
import { grains, parseDuration } from '../time/grain.ts';
import { parseDay } from '../time/zone.ts';
import { type Audit, auditOf, auditSchema } from './audit.ts';

/** `kpi.store_daily`: the relation a file or a name stands for. */
export const relation = z.string().regex(/^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/, 'write it as schema.table');
const columnName = z.string().regex(/^[a-z_][a-z0-9_]*$/, 'small letters, digits and _');

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'a duration such as 6h, 13d, 2w or 1mo')
  .transform((text) => parseDuration(text) as NonNullable<ReturnType<typeof parseDuration>>);

/** A date, kept as text: YAML's own dates would become instants. */
export const day = z.preprocess(
  (value) => (value instanceof Date ? value.toISOString().slice(0, 10) : value),
  z.string().refine((text) => parseDay(text) !== undefined, 'a date such as 2021-09-01'),
);

const columns = z.array(columnName).min(1);

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
    audits: z.array(auditSchema).default([]),
    depends_on: z.array(relation).default([]),
    redshift: redshift.optional(),
    tags: z.array(z.string()).default([]),
  })
  .superRefine((header, context) => {
    if (header.materialized !== 'incremental') return;
    for (const key of ['time_column', 'grain'] as const) {
      if (header[key] === undefined) {
        context.addIssue({ code: 'custom', path: [key], message: 'an incremental model needs it' });
      }
    }
  });

export type ModelHeader = z.infer<typeof modelHeaderSchema>;

/** The audits of a header in their one canonical form. */
export function auditsOf(header: ModelHeader): Audit[] {
  const key: Audit[] = header.unique_key
    ? [{ kind: 'unique', columns: header.unique_key, severity: 'error', scope: 'window' }]
    : [];
  return [...key, ...header.audits.map(auditOf)];
}

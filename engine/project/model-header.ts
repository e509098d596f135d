import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { grains, parseDuration } from '../time/grain.ts';
import { parseDay } from '../time/zone.ts';
import { type Audit, auditOf, auditSchema } from './audit.ts';

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

const columns = z.array(columnName).min(1);

/** Physical design, for Redshift alone; other warehouses have no use for it. */
const redshift = z.strictObject({
  /** even, all, auto, or the column by whose values rows are spread. */
  dist: columnName.optional(),
  sort: z.array(columnName).min(1).optional(),
  interleaved: z.boolean().optional(),
  /** Compression by column, such as az64. */
  encode: z.record(columnName, z.string().regex(/^[a-z0-9]+$/, 'an encoding such as az64 or zstd')).optional(),
});

const column = z.strictObject({
  description: z.string().optional(),
  type: z.string().optional(),
  unit: z.string().optional(),
});

/** How old the newest data may be before `engine freshness` warns, and fails. */
export const freshness = z.strictObject({ warn_after: duration.optional(), error_after: duration.optional() });
export type FreshnessLimits = z.infer<typeof freshness>;

/** What stands between the marks at the head of a model's file. */
export const modelHeaderSchema = z
  .strictObject({
    description: z.string().default(''),
    materialized: z.enum(['view', 'table', 'incremental', 'snapshot', 'ephemeral']).default('view'),
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
    /** No two rows may agree in these columns: a blocking audit; of an incremental model without time, what rows are replaced by. */
    unique_key: columns.optional(),
    /** Of a snapshot: a later value in this column is a change. */
    updated_column: columnName.optional(),
    /** Of a snapshot: another value in any of these columns is a change. */
    check: z.union([z.literal('all'), columns]).optional(),
    /** Of a snapshot: whether a row that is gone from the query ends. */
    hard_deletes: z.enum(['keep', 'close']).default('keep'),
    /** What becomes of a table that stays when its query's columns change: `rebuild` takes them over and builds all again. */
    on_schema_change: z.enum(['fail', 'add', 'rebuild']).default('fail'),
    /** The query must give exactly the columns declared here, in the types declared here. */
    contract: z.boolean().default(false),
    columns: z.record(columnName, column).default({}),
    audits: z.array(auditSchema).default([]),
    freshness: freshness.optional(),
    depends_on: z.array(relation).default([]),
    redshift: redshift.optional(),
    tags: z.array(z.string()).default([]),
  })
  .superRefine((header, context) => {
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const { materialized } = header;
    const byTime = materialized === 'incremental' && !(header.unique_key && !header.time_column && !header.grain);
    if (materialized !== 'incremental' && header.on_change === 'forward')
      wrong('on_change', 'is for incremental models');
    if (!byTime && header.lookback) wrong('lookback', 'is for incremental models');
    if (byTime && header.restates) wrong('restates', 'is for models without windows; the others always do');
    if (byTime) {
      for (const key of ['time_column', 'grain'] as const) {
        if (header[key] === undefined) wrong(key, 'an incremental model needs it; without time, it needs a unique_key');
      }
    }
    if (materialized === 'snapshot') {
      if (!header.unique_key) wrong('unique_key', 'a snapshot needs it');
      if ((header.updated_column === undefined) === (header.check === undefined))
        wrong('updated_column', 'a snapshot needs updated_column, or check, one of the two');
    }
    if (materialized === 'ephemeral' && header.audits.length > 0)
      wrong('audits', 'an ephemeral model has no rows of its own to audit');
    if (header.contract) {
      const untyped = Object.keys(header.columns).filter((name) => header.columns[name]?.type === undefined);
      if (Object.keys(header.columns).length === 0) wrong('contract', 'a contract needs columns');
      for (const name of untyped) wrong('contract', `a contract needs the type of ${name}`);
    }
  });

export type ModelHeader = z.infer<typeof modelHeaderSchema>;

/** The audits of a header in their one canonical form. */
export function auditsOf(header: ModelHeader): Audit[] {
  const own = header.audits.map(auditOf);
  if (!header.unique_key) return own;
  const key: Audit = { kind: 'unique', columns: header.unique_key, severity: 'error', scope: 'window' };
  // Written as an audit too, it is asked once.
  return own.some((audit) => isDeepStrictEqual(audit, key)) ? own : [key, ...own];
}

import { z } from 'zod';

/** Formats a report can be rendered in. */
export const formats = ['html', 'pdf', 'xlsx', 'png', 'csv', 'json'] as const;
export type Format = (typeof formats)[number];

/** `15m`, `20h`, `3d`. */
export const duration = z.string().regex(/^\d+(m|h|d)$/, 'a duration such as 15m, 20h or 3d');
/** A local time of day, `11:00`. */
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 11:00');
/** A name that may stand in a key, a file name and a URL. */
export const identifier = z.string().regex(/^[a-z][a-z0-9_]*$/, 'a name of small letters, digits and _');

const schedule = z.strictObject({ cron: z.string(), timezone: z.string().optional() });

const dataset = z.union([
  z.string().regex(/\.sql$/, 'a .sql file beside the report'),
  z.strictObject({ model: z.string() }),
]);

const audience = z.union([z.strictObject({ query: z.string() }), z.strictObject({ list: z.string() })]);

const deliver = z.strictObject({
  id: identifier,
  channel: z.union([z.string().transform((one) => [one]), z.array(z.string()).min(1)]),
  to: audience,
  attach: z.array(z.enum(formats)).default([]),
  /** Shown inside the mail, where the channel can. */
  inline: z.enum(['png']).optional(),
  subject: z.string().optional(),
  body: z.string().optional(),
  caption: z.string().optional(),
});

/** One block of the document; see the README's chapter on reports. */
const column = z.union([
  z.string(),
  z.strictObject({
    name: z.string(),
    title: z.string().optional(),
    unit: z.string().optional(),
    decimals: z.int().min(0).max(6).optional(),
    align: z.enum(['left', 'right', 'center']).optional(),
  }),
]);

const tile = z.strictObject({
  title: z.string(),
  value: z.string(),
  change: z.string().optional(),
  format: z.string().optional(),
  unit: z.string().optional(),
});

const block = z.union([
  z.strictObject({ kpis: z.array(tile).min(1) }),
  z.strictObject({
    table: z.strictObject({
      data: z.string(),
      title: z.string().optional(),
      columns: z.array(column).optional(),
      format: z.record(z.string(), z.string()).default({}),
      total: z.array(z.string()).optional(),
      top: z.int().positive().optional(),
    }),
  }),
  z.strictObject({ text: z.string() }),
  z.literal('page_break'),
]);

/** `reports/<name>/report.yml`. */
export const reportSchema = z.strictObject({
  title: z.string(),
  schedule: schedule.optional(),
  period: z.enum(['day', 'week', 'month', 'tick']).default('day'),
  start: z.iso.date().optional(),
  deadline: timeOfDay.optional(),
  after_deadline: z.enum(['notice', 'send_late', 'skip']).default('notice'),
  useful_until: duration.optional(),
  backlog: z.enum(['latest', 'all', 'none']).default('latest'),
  on_empty: z.enum(['send', 'skip', 'notice']).default('send'),
  datasets: z.record(identifier, dataset),
  headline: z.record(identifier, z.string()).default({}),
  document: z.array(block).min(1),
  formats: z.array(z.enum(formats)).min(1).default(['pdf']),
  deliver: z.array(deliver).default([]),
  owners: z.array(z.string()).default([]),
});

export type ReportFile = z.infer<typeof reportSchema>;
export type Deliver = ReportFile['deliver'][number];
export type Block = ReportFile['document'][number];

/** A report as the later rooms know it: its name is its folder's. */
export interface Report extends ReportFile {
  readonly name: string;
  /** Path of report.yml from the project's root. */
  readonly path: string;
  /** Absolute folder of the report, where its queries and templates are. */
  readonly folder: string;
}

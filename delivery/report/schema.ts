import { z } from 'zod';
import type { PlaceOf } from '#engine';
import type { Rules } from './rules.ts';
import type { Layouts } from './template.ts';

/** Formats a report can be rendered in. */
export const formats = ['html', 'pdf', 'xlsx', 'png', 'csv', 'json'] as const;
export type Format = (typeof formats)[number];

/** `15m`, `20h`, `3d`. */
export const duration = z.string().regex(/^\d+(m|h|d)$/, 'a duration such as 15m, 20h or 3d');
/** A local time of day, `11:00`. */
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 11:00');
/** A name that may stand in a key, a file name and a URL. */
export const identifier = z.string().regex(/^[a-z][a-z0-9_]*$/, 'a name of small letters, digits and _');

/** A map, or just the text of its chief key. */
function orJust<Shape extends z.ZodObject>(key: string, shape: Shape) {
  return z.union([z.string().transform((text): z.infer<Shape> => shape.parse({ [key]: text })), shape]);
}

const schedule = z.strictObject({ cron: z.string(), timezone: z.string().optional() });

/** With `for_each`, what every edition shows or gets must be said to: by default nothing of one edition is another's. */
const editions = z.literal('all').optional();

const sqlFile = z.string().regex(/\.sql$/, 'a .sql file beside the report');

const dataset = z.union([
  sqlFile.transform((query) => ({ query, editions: undefined })),
  z.strictObject({ query: sqlFile, editions }),
  z.strictObject({ model: z.string(), editions }),
]);

/** `reports/words.yml`: words by language, which all reports share. */
export const wordsSchema = z.record(z.string(), z.record(identifier, z.string()));
export type Words = Readonly<Record<string, Readonly<Record<string, string>>>>;

const audience = z.union([
  z.strictObject({ query: z.string(), editions }),
  z.strictObject({ list: z.string(), editions }),
]);

const deliver = z.strictObject({
  id: identifier,
  channel: z.union([z.string().transform((one) => [one]), z.array(z.string()).min(1)]),
  to: audience,
  attach: z.array(z.enum(formats)).default([]),
  /** What becomes of a file that is too large for a channel; by default it is linked where that can be. */
  oversize: z.enum(['link', 'split']).optional(),
  /** Shown inside the mail, where the channel can. */
  inline: z.enum(['png']).optional(),
  /** Texts: Liquid, written here or in a `.liquid` file beside the report. */
  subject: z.string().optional(),
  body: z.string().optional(),
  caption: z.string().optional(),
});

/** A headline figure: its expression, or the expression and how to show it. */
const headline = orJust(
  'value',
  z.strictObject({
    value: z.string(),
    title: z.string().optional(),
    format: z.string().optional(),
    change: z.string().optional(),
    change_title: z.string().optional(),
    /** `dataset.column`: the line behind the figure, oldest first. */
    trend: z.string().optional(),
  }),
);

const tile = z.strictObject({
  title: z.string(),
  value: z.string(),
  format: z.string().optional(),
  change: z.string().optional(),
  /** How the change is shown; by default the first rule for growth. */
  change_format: z.string().optional(),
  /** What the change is against. */
  change_title: z.string().optional(),
  /** A second figure to read the first against: `52 of 60`. */
  of: z.string().optional(),
});

const column = orJust(
  'name',
  z.strictObject({
    name: z.string(),
    title: z.string().optional(),
    unit: z.string().optional(),
    decimals: z.int().min(0).max(6).optional(),
    align: z.enum(['left', 'right', 'center']).optional(),
    /** One line for the notes: what the column means. */
    note: z.string().optional(),
  }),
);

/** A rule of reports/formats.yml by name; a growth may name other columns than its rule does. */
const format = orJust(
  'rule',
  z.strictObject({ rule: z.string(), base: z.string().optional(), of: z.string().optional() }),
);

const table = z.strictObject({
  data: z.string(),
  title: z.string().optional(),
  columns: z.array(column).min(1).optional(),
  format: z.record(z.string(), format).default({}),
  total: z.array(z.string()).optional(),
  /** Pages show the first rows only, and say so; workbook, CSV and JSON have all. */
  top: z.int().positive().optional(),
});

/** The best and the worst by what they added or took away: `now` less `before`. */
const movers = z.strictObject({
  data: z.string(),
  name: z.string(),
  now: z.string(),
  before: z.string(),
  title: z.string().optional(),
  name_title: z.string().optional(),
  now_title: z.string().optional(),
  before_title: z.string().optional(),
  format: z.string().optional(),
  growth: z.string().default('growth'),
  top: z.int().positive().default(5),
});

/** A dataset drawn: `x` across, `y` upward. The title says the message: `{{ chart.last }}`, `{{ chart.place }}`. */
const chart = z.strictObject({
  kind: z.enum(['bar', 'line']),
  data: z.string(),
  x: z.string(),
  y: z.string(),
  title: z.string().optional(),
  /** Headings of the points in the workbook. */
  x_title: z.string().optional(),
  y_title: z.string().optional(),
  format: z.string().optional(),
  /** Draws the first rows only. */
  top: z.int().positive().optional(),
  /** A grey ground from the least to the most of so many points before the last. */
  band: z.int().positive().optional(),
});

/** The head of a letter, in place of the title: who writes, to whom, the reference and the date. All are templates. */
const letterhead = z.strictObject({
  name: z.string(),
  lines: z.array(z.string()).default([]),
  address: z.array(z.string()).default([]),
  reference: z.string().optional(),
  date: z.string().optional(),
});

/** The schedule of a loan paid back in equal monthly instalments, of the edition's row: columns of the `for_each` query. */
const emi = z.strictObject({
  amount: z.string(),
  /** Per cent a year. */
  rate: z.string(),
  months: z.string(),
  /** The day of the first payment. */
  first: z.string(),
  rounding: z.enum(['half_up', 'up']).default('half_up'),
  title: z.string().default('Schedule'),
  /** Headers, in this order: number, due, opening, payment, interest, principal, closing. */
  columns: z.array(z.string()).length(7).optional(),
});

/** One block of the document, in page order. */
const block = z.union([
  z.strictObject({ kpis: z.array(tile).min(1) }),
  z.strictObject({ movers }),
  z.strictObject({ table }),
  z.strictObject({ text: z.string() }),
  z.strictObject({ chart }),
  z.strictObject({ letterhead }),
  z.strictObject({ emi }),
  z.literal('page_break'),
]);

/**
 * One edition for each row of a query. Datasets have the key's column and are cut to the edition's rows, or say that all
 * editions show them; so do audiences. Templates say `edition.<column>`.
 */
const forEach = z.strictObject({
  query: sqlFile,
  edition_key: z.string(),
  /** The column with the edition's locale, `hi` or `en-IN`. */
  locale: z.string().optional(),
});

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
  on_holiday: z.enum(['send', 'skip', 'previous', 'next']).default('send'),
  /** A region of the calendar; where that has but one, it need not be named. */
  holidays: identifier.optional(),
  /** How numbers and dates are written, as BCP 47; by default en-US for a currency other than INR, else en-IN. */
  locale: z.string().optional(),
  /** ISO 4217; by default the project's `vars.currency`. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'a currency such as INR')
    .optional(),
  for_each: forEach.optional(),
  datasets: z.record(identifier, dataset).default({}),
  /** Texts by language, for templates: `words.total`. Every language has all of them. */
  words: wordsSchema.default({}),
  headline: z.record(identifier, headline).default({}),
  document: z.array(block).min(1),
  /** Lines for the end of the document: definitions, what is left out and why. */
  notes: z.array(z.string()).default([]),
  formats: z.array(z.enum(formats)).min(1).default(['pdf']),
  /** Locks the PDFs, each edition's with its own: a template such as `{{ edition.born_on }}`. */
  password: z.string().optional(),
  deliver: z.array(deliver).default([]),
  owners: z.array(z.string()).default([]),
});

export type ReportFile = z.infer<typeof reportSchema>;
export type Deliver = ReportFile['deliver'][number];
export type HeadlineSpec = ReportFile['headline'][string];
export type TileSpec = z.infer<typeof tile>;
export type ColumnSpec = z.infer<typeof column>;
export type TableSpec = z.infer<typeof table>;
export type MoversSpec = z.infer<typeof movers>;
export type LetterheadSpec = z.infer<typeof letterhead>;
export type ChartSpec = z.infer<typeof chart>;
export type EmiSpec = z.infer<typeof emi>;
export type BlockSpec = ReportFile['document'][number];

/** A report as the later rooms know it: its name is its folder's, and all it needs is in it, so that nobody reads files again. */
export interface Report extends ReportFile {
  readonly name: string;
  /** Path of report.yml from the project's root. */
  readonly path: string;
  /** Absolute folder of the report. */
  readonly folder: string;
  /** The report's queries and templates by file name: `stores.sql`, `email.liquid`. */
  readonly texts: Readonly<Record<string, string>>;
  /** The words of reports/words.yml, where the report has none of that name. */
  readonly sharedWords: Words;
  /** The texts of reports/layouts, which the templates of all reports share. */
  readonly layouts: Layouts;
  /** The days on which nobody works, where the report minds them: dates and days of the week. */
  readonly daysOff?: readonly string[];
  /** The formatting rules of reports/formats.yml. */
  readonly rules: Rules;
  /** Where a key of report.yml stands, for what later rooms find wrong. */
  readonly placeOf?: PlaceOf;
}

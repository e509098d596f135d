import { z } from 'zod';
import { isTimeZone } from '../time/zone.ts';

/** A value that may be secret: `env:NAME` only, so that no secret is ever written down. */
const reference = z.string().regex(/^env:[A-Z][A-Z0-9_]*$/, 'write it as env:NAME; secrets come from the environment');

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** A limit such as `90s`, `30m` or `2h`, in milliseconds. */
const limit = z
  .string()
  .regex(/^[1-9]\d*(ms|s|m|h)$/, 'a time such as 90s, 30m or 2h')
  .transform((text) => Number.parseInt(text, 10) * unitMs[text.replace(/\d+/, '') as keyof typeof unitMs]);

/** What an environment's schemas end in: fixed, or by person from the environment. */
const suffix = z.string().regex(/^_[a-z0-9_]*[a-z0-9]$/, 'a suffix such as _dev: _, then small letters, digits and _');
const schemaSuffix = z.union([
  suffix,
  z.strictObject({ env: z.string().regex(/^[A-Z][A-Z0-9_]*$/), default: suffix.optional() }),
]);

const awsRegion = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as eu-central-1');

/** A place in S3 and the role by which Redshift goes there. */
const loadPlace = z.strictObject({
  at: z.string().regex(/^s3:\/\/[a-z0-9.-]+(\/|$)/, 'write it as s3://bucket/prefix'),
  role: z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/, 'the ARN of a role'),
  region: awsRegion,
});

/** Amazon Redshift: provisioned, or serverless. */
const redshift = z.strictObject({
  type: z.literal('redshift'),
  url: reference,
  ca: reference.optional(),
  threads: z.int().min(1).max(64).default(4),
  schema_suffix: schemaSuffix.optional(),
  /** The server stops a statement of ours that takes longer. */
  statement_timeout: limit.optional(),
  /** A login by IAM: the URL then needs neither user nor password. */
  iam: z
    .union([
      z.strictObject({ cluster: z.string(), region: awsRegion }),
      z.strictObject({ workgroup: z.string(), region: awsRegion }),
    ])
    .optional(),
  /** Where rows on their way in lie, and the role by which Redshift reads them there. */
  load: loadPlace.optional(),
  /** Where rows of large results lie on their way out, and the role by which Redshift writes them there. */
  unload: loadPlace
    .extend({
      rows: z.int().min(1).default(50_000),
      kms_key: z
        .string()
        .regex(/^[\w:/-]+$/, 'the id or the ARN of a key of KMS')
        .optional(),
    })
    .optional(),
});

const target = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('embedded'),
    database: z
      .string()
      .regex(/^[a-z][a-z0-9_]*$/, 'small letters, digits and _')
      .default('warehouse'),
    threads: z.int().min(1).max(64).default(2),
    statement_timeout: limit.optional(),
    schema_suffix: schemaSuffix.optional(),
  }),
  z.strictObject({
    type: z.literal('postgres'),
    url: reference,
    ca: reference.optional(),
    threads: z.int().min(1).max(64).default(4),
    /** The server stops a statement of ours that takes longer. */
    statement_timeout: limit.optional(),
    schema_suffix: schemaSuffix.optional(),
  }),
  redshift,
]);

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** What the environment gives as a suffix is held to the same form. */
export const isSuffix = (text: string): boolean => suffix.safeParse(text).success;

/** A var that the environment may set, such as the folder of raw files. */
const fromEnvironment = z.strictObject({ env: z.string().regex(/^[A-Z][A-Z0-9_]*$/), default: scalar });

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** `project.yml`: the project's settings. What stands under `delivery:` is delivery's own and passed on unread. */
export const projectFileSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/, 'small letters, digits and _'),
  /** Whose SQL the models are written in; Redshift's is rewritten for targets that are a PostgreSQL. */
  dialect: z.enum(['postgres', 'redshift']).default('postgres'),
  timezone: z.string().refine(isTimeZone, 'not a known time zone; write it as Asia/Kolkata'),
  week_starts: z.enum(weekdays).default('monday'),
  target: z.string(),
  targets: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/, 'small letters, digits and _'), target),
  exposures: z.string().optional(),
  /** File of the days off, from the root; reports mind them, the engine does not. */
  calendar: z.string().min(1).optional(),
  /** Places that runs of dags share, by pool. */
  pools: z.record(z.string().regex(/^[a-z][a-z0-9_-]*$/, 'small letters, digits, _ and -'), z.int().min(1)).default({}),
  state: reference.optional(),
  vars: z.record(z.string(), z.union([scalar, fromEnvironment])).default({}),
  delivery: z.unknown().optional(),
});

export type ProjectFile = z.infer<typeof projectFileSchema>;
export type TargetFile = z.infer<typeof target>;

/** 0 Monday ... 6 Sunday, as `Calendar` counts. */
export function weekdayNumber(word: ProjectFile['week_starts']): number {
  return weekdays.indexOf(word);
}

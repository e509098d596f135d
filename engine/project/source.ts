import { z } from 'zod';
import type { Duration } from '../time/grain.ts';
import { isTimeZone } from '../time/zone.ts';
import { columnName, day, duration, type FreshnessLimits, freshness, relation } from './model-header.ts';

const column = z.strictObject({
  type: z.string(),
  /** The file's own heading, where it differs. */
  from: z.string().optional(),
  description: z.string().optional(),
  unit: z.string().optional(),
});

const sourceEntry = z.strictObject({
  name: relation,
  description: z.string().default(''),
  files: z
    .strictObject({
      /** Path or pattern from the project's root. `*` is any text; `{day}` and `{month}` declare a file's window. */
      path: z.string(),
      /** What it means that a later file has a line of the same `unique_key` as an earlier one. */
      overlap: z.enum(['error', 'replace']).default('error'),
      /** The most rows of a file that may be unreadable; more stop the file. */
      max_bad_rows: z.int().min(0).default(0),
    })
    .optional(),
  /** No two rows agree in these columns. */
  unique_key: z.array(columnName).min(1).optional(),
  time_column: columnName.optional(),
  /** Without a time column: whether a change of it makes the history of its readers stale. */
  restates: z.boolean().default(false),
  /** Whose clock a time column without zone shows; the project's, when not given. */
  timezone: z.string().refine(isTimeZone, 'a time zone such as Asia/Kolkata').optional(),
  /** Of a table that others load: the first day that counts; the oldest row's, when not given. */
  start: day.optional(),
  /** Of a table that others load: by which stretches its completeness is judged. */
  grain: z.enum(['hour', 'day']).optional(),
  /** Of a table that others load: how long after its end a day (or hour) is over. */
  closed_after: duration.optional(),
  /** Of a table that others load: SQL that is true when a window is complete (Liquid with `window`). */
  complete_when: z.string().optional(),
  /** Of a table that others load: changes whenever a row does. Without it, rows are compared whole. */
  updated_column: columnName.optional(),
  /** Of a table that others load: how far back late rows are looked for. */
  lookback: duration.optional(),
  freshness: freshness.optional(),
  columns: z.record(columnName, column).refine((all) => Object.keys(all).length > 0, 'name at least one column'),
  tags: z.array(z.string()).default([]),
});

/** Settings that only make sense where others load the table, and those that speak of its time. */
const watching = ['start', 'grain', 'closed_after', 'complete_when', 'updated_column', 'lookback'] as const;
const ofTime = ['timezone', 'start', 'grain', 'closed_after', 'complete_when', 'lookback'] as const;

const source = sourceEntry.superRefine((entry, context) => {
  const refuse = (path: readonly string[], message: string) =>
    context.addIssue({ code: 'custom', path: [...path], message });
  for (const key of watching) {
    if (entry.files && entry[key] !== undefined) refuse([key], 'is for tables that others load; this one has files');
  }
  for (const key of ofTime) {
    if (entry.time_column === undefined && entry[key] !== undefined) refuse([key], 'needs a time_column');
  }
  if (entry.files?.overlap === 'replace' && !entry.unique_key) {
    refuse(['files', 'overlap'], 'needs a unique_key, by which a line is known again');
  }
  if (entry.restates && entry.time_column) {
    refuse(['restates'], 'is for sources without a time column; the others always do');
  }
});

/** `models/sources.yml`. */
export const sourcesSchema = z.strictObject({ sources: z.array(source).default([]) });

/** A table that is not a model: loaded from files by the engine, or by somebody else. */
export interface Source {
  readonly name: string;
  readonly path: string;
  readonly description: string;
  /** Whether it is a CSV file of the project itself. */
  readonly seed: boolean;
  /** How old its newest window may be. */
  readonly freshness: FreshnessLimits | undefined;
  /** Pattern of the files it is loaded from, as written (Liquid with `vars`). */
  readonly filePattern: string | undefined;
  /** Line of the file on which the pattern stands. */
  readonly patternLine: number | undefined;
  readonly timeColumn: string | undefined;
  /** Without a time column: whether a change of it makes the history of its readers stale. */
  readonly restates: boolean;
  /** Whose clock a time column without zone shows; undefined = the project's. */
  readonly timezone: string | undefined;
  readonly uniqueKey: readonly string[] | undefined;
  readonly overlap: 'error' | 'replace';
  /** The most rows of a file that may be unreadable. */
  readonly maxBadRows: number;
  /** Present where others load the table. */
  readonly watch: Watch | undefined;
  readonly columns: Readonly<Record<string, z.infer<typeof column>>>;
  readonly tags: readonly string[];
}

/** How a table that others load is watched: which of its windows are over, and which have changed. */
export interface Watch {
  readonly grain: 'hour' | 'day';
  /** First day, `YYYY-MM-DD`. */
  readonly start: string | undefined;
  readonly closedAfter: Duration;
  /** As written, with its Liquid, and the line of the file on which it stands. */
  readonly completeWhen: string | undefined;
  readonly completeLine: number | undefined;
  readonly updatedColumn: string | undefined;
  readonly lookback: Duration;
}

/** A source's entry in the file, in its one form. */
export function sourceOf(
  entry: SourcesFile['sources'][number],
  path: string,
  lineOf: (path: readonly PropertyKey[]) => number | undefined,
): Source {
  const { files } = entry;
  return {
    name: entry.name,
    path,
    description: entry.description,
    seed: false,
    freshness: entry.freshness,
    filePattern: files?.path,
    patternLine: lineOf(['files', 'path']),
    timeColumn: entry.time_column,
    restates: entry.restates,
    timezone: entry.timezone,
    uniqueKey: entry.unique_key,
    overlap: files?.overlap ?? 'error',
    maxBadRows: files?.max_bad_rows ?? 0,
    watch: files
      ? undefined
      : {
          grain: entry.grain ?? 'day',
          start: entry.start,
          closedAfter: entry.closed_after ?? { count: 0, unit: 'minute' },
          completeWhen: entry.complete_when,
          completeLine: lineOf(['complete_when']),
          updatedColumn: entry.updated_column,
          lookback: entry.lookback ?? { count: 0, unit: 'day' },
        },
    columns: entry.columns,
    tags: entry.tags,
  };
}

export type SourcesFile = z.infer<typeof sourcesSchema>;

import { Cron } from 'croner';
import { z } from 'zod';
import type { PlaceOf } from '../config/yaml.ts';
import { day, relation } from './model-header.ts';

const columnName = z.string().regex(/^[a-z_][a-z0-9_]*$/, 'small letters, digits and _');

const column = z.strictObject({
  type: z.string(),
  /** The file's own heading, where it differs. */
  from: z.string().optional(),
  description: z.string().optional(),
  unit: z.string().optional(),
});

const source = z.strictObject({
  name: relation,
  description: z.string().default(''),
  files: z
    .strictObject({
      /** Path or pattern from the project's root. `*` is any text; `{day}` and `{month}` declare a file's window. */
      path: z.string(),
    })
    .optional(),
  time_column: columnName.optional(),
  /** Without a time column: whether a change of it makes the history of its readers stale. */
  restates: z.boolean().default(false),
  columns: z.record(columnName, column).refine((all) => Object.keys(all).length > 0, 'name at least one column'),
  tags: z.array(z.string()).default([]),
});

/** `models/sources.yml`. */
export const sourcesSchema = z.strictObject({ sources: z.array(source).default([]) });

/** A table that is not a model: loaded from files by the engine, or by somebody else. */
export interface Source {
  readonly name: string;
  readonly path: string;
  readonly description: string;
  /** Pattern of the files it is loaded from, as written (Liquid with `vars`). */
  readonly filePattern: string | undefined;
  /** Line of the file on which the pattern stands. */
  readonly patternLine: number | undefined;
  readonly timeColumn: string | undefined;
  /** Without a time column: whether a change of it makes the history of its readers stale. */
  readonly restates: boolean;
  readonly columns: Readonly<Record<string, z.infer<typeof column>>>;
  readonly tags: readonly string[];
}

export type SourcesFile = z.infer<typeof sourcesSchema>;

function isCron(text: string): boolean {
  try {
    return new Cron(text, { paused: true }).nextRun() !== null;
  } catch {
    return false;
  }
}

/** A dag file, `dags/<name>.yml`: when the engine runs what. */
export const dagSchema = z.strictObject({
  schedule: z.strictObject({
    cron: z.string().refine(isCron, 'not a cron expression such as 45 1 * * *'),
    timezone: z.string().optional(),
  }),
  select: z.string(),
  description: z.string().optional(),
  start: day.optional(),
});

/** When the engine runs what. */
export interface Dag extends z.infer<typeof dagSchema> {
  /** Where a key stands in the file. */
  readonly placeOf: PlaceOf;
  readonly name: string;
  readonly path: string;
}

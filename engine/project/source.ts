import { z } from 'zod';
import { relation } from './model-header.ts';

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
  readonly columns: Readonly<Record<string, z.infer<typeof column>>>;
  readonly tags: readonly string[];
}

export type SourcesFile = z.infer<typeof sourcesSchema>;

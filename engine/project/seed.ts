import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { didYouMean } from '../config/nearest.ts';
import { parseYaml } from '../config/yaml.ts';
import { messageOf, type Problem } from '../fault.ts';
import { columnName } from './model-header.ts';
import { type Source, sourceOf, sourcesSchema } from './source.ts';

/** `models/seeds/<name>.yml`, beside the CSV of that name. Columns that are not named here are text. */
export const seedSchema = z.strictObject({
  description: z.string().default(''),
  columns: z
    .record(
      columnName,
      z.strictObject({ type: z.string(), description: z.string().optional(), unit: z.string().optional() }),
    )
    .default({}),
  /** Whether a change of it makes the history of its readers stale. */
  restates: z.boolean().default(false),
  tags: z.array(z.string()).default([]),
});

/** The schema in which seeds stand. */
export const seedsSchema = 'seeds';

/** Reads one seed: `models/seeds/countries.csv` is the table `seeds.countries`, its columns those of the first line. */
export function loadSeed(
  root: string,
  path: string,
): { readonly seed?: Source; readonly problems: readonly Problem[] } {
  const name = basename(path, '.csv');
  const wrong = (code: string, message: string, line?: number): { problems: Problem[] } => ({
    problems: [{ file: path, ...(line ? { line } : {}), severity: 'error', code, message }],
  });
  if (!columnName.safeParse(name).success) return wrong('seed-name', 'a seed is named in small letters, digits and _');
  let headings: string[];
  try {
    [headings = []] = parse(readFileSync(join(root, path)), { bom: true, to: 1 }) as string[][];
  } catch (error) {
    return wrong('seed-csv', `its first line cannot be read: ${messageOf(error)}`, 1);
  }
  const bad = headings.find((heading) => !columnName.safeParse(heading).success);
  if (bad !== undefined || headings.length === 0)
    return wrong('seed-column', `"${bad ?? ''}" cannot be a column: small letters, digits and _`, 1);

  const settings = path.replace(/\.csv$/, '.yml');
  const text = existsSync(join(root, settings)) ? readFileSync(join(root, settings), 'utf8') : '';
  const read = parseYaml(text, seedSchema, settings);
  if (!read.ok) return { problems: read.problems };
  const { columns, ...rest } = read.value;
  const problems = Object.keys(columns)
    .filter((column) => !headings.includes(column))
    .map((column): Problem => {
      const hint = didYouMean(column, headings);
      const message = `${path} has no column ${column}`;
      const place = { file: settings, ...read.placeOf(['columns', column]) };
      return { ...place, severity: 'error', code: 'unknown-column', message, ...(hint ? { hint } : {}) };
    });
  const typed = Object.fromEntries(headings.map((heading) => [heading, columns[heading] ?? { type: 'text' }]));
  const [entry] = sourcesSchema.parse({
    sources: [{ name: `${seedsSchema}.${name}`, files: { path }, columns: typed, ...rest }],
  }).sources;
  return entry ? { seed: { ...sourceOf(entry, path, () => undefined), seed: true }, problems } : { problems };
}

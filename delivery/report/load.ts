import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { Fault, messageOf, type Problem, parseYaml } from '#engine';
import { calendarSchema, daysOffOf, type HolidayCalendar } from './calendar.ts';
import { checkReport, missingWords } from './check.ts';
import { type Rules, rulesSchema } from './rules.ts';
import { type Report, reportSchema, type Words, wordsSchema } from './schema.ts';
import { checkTemplate, type Layouts } from './template.ts';

/** All reports of a project that are right, what they share, and every problem of the others. */
export interface LoadedReports {
  readonly reports: readonly Report[];
  readonly rules: Rules;
  readonly problems: readonly Problem[];
}

/** The folder of texts that reports share; no report is called so. */
const layoutsFolder = 'layouts';

/**
 * Reads `<folder>/<report>/report.yml` with the files beside it, and what reports share: `formats.yml`, `calendar.yml`,
 * `words.yml` and `layouts/*.liquid`; `holidays` is a calendar's file elsewhere, from the root. Reports are sorted by name. A project without the folder has no reports. Throws `Fault` unreachable when the disk cannot be read.
 */
export async function loadReports(root: string, folder = 'reports', holidays?: string): Promise<LoadedReports> {
  const problems: Problem[] = [];
  const rules = await readYaml(root, join(folder, 'formats.yml'), rulesSchema);
  if (rules && !rules.ok) problems.push(...rules.problems);
  const known: Rules = rules?.ok ? rules.value : {};
  const calendarFile = holidays ?? join(folder, 'calendar.yml');
  const calendar = await readYaml(root, calendarFile, calendarSchema);
  if (calendar && !calendar.ok) problems.push(...calendar.problems);
  if (calendar === undefined && holidays !== undefined) {
    const message = `there is no ${holidays}, which calendar: names`;
    problems.push({ file: 'project.yml', line: 1, severity: 'error', code: 'calendar', message });
  }
  const daysByRegion: HolidayCalendar = { file: calendarFile, regions: calendar?.ok ? calendar.value : {} };

  const sharedWords = await readWords(root, join(folder, 'words.yml'), problems);
  const layouts = await readLayouts(root, join(folder, layoutsFolder));
  for (const [name, content] of Object.entries(layouts.texts))
    problems.push(...checkTemplate(content, { file: join(layouts.folder, `${name}.liquid`) }, layouts));

  const reports: Report[] = [];
  for (const name of await foldersIn(join(root, folder))) {
    if (name === layoutsFolder) continue;
    const path = join(folder, name, 'report.yml');
    const text = await readText(join(root, path));
    if (text === undefined) continue;
    if (!/^[a-z][a-z0-9_]*$/.test(name)) {
      const message = `a report's folder is named by small letters, digits and _, not "${name}"`;
      problems.push({ file: path, line: 1, severity: 'error', code: 'report-name', message });
      continue;
    }
    const read = parseYaml(text, reportSchema, path);
    if (!read.ok) {
      problems.push(...read.problems);
      continue;
    }
    const ofFolder = join(root, folder, name);
    const texts = await textsIn(ofFolder);
    const { daysOff, problems: unknown } = daysOffOf(read.value, daysByRegion, path, read.placeOf);
    const own = { name, path, folder: ofFolder, texts, daysOff, placeOf: read.placeOf };
    const report = { ...read.value, ...own, layouts, sharedWords, rules: known };
    // What a file that cannot be read would have had is not missed once more at each place that names it.
    const missed = ({ code }: Problem) => code !== 'unknown-formatting' || rules?.ok !== false;
    const wrong = [...checkReport(report, read.placeOf).filter(missed), ...(calendar?.ok === false ? [] : unknown)];
    problems.push(...wrong);
    if (wrong.length === 0 && rules?.ok !== false && calendar?.ok !== false) reports.push(report);
  }
  return { reports, rules: known, problems };
}

/** Every language has all of them. */
async function readWords(root: string, path: string, problems: Problem[]): Promise<Words> {
  const read = await readYaml(root, path, wordsSchema);
  if (read === undefined) return {};
  if (!read.ok) {
    problems.push(...read.problems);
    return {};
  }
  for (const { language, name } of missingWords(read.value)) {
    const message = `there is no "${name}" in ${language}`;
    problems.push({ file: path, ...read.placeOf([language]), severity: 'error', code: 'missing-word', message });
  }
  return read.value;
}

async function readLayouts(root: string, folder: string): Promise<Layouts> {
  const path = join(root, folder);
  const names = (await filesIn(path)).filter((name) => name.endsWith('.liquid'));
  const texts = await Promise.all(
    names.map(async (name) => [name.replace(/\.liquid$/, ''), await readFile(join(path, name), 'utf8')] as const),
  );
  return { folder, texts: Object.fromEntries(texts) };
}

/** The queries and templates of a folder, by name. */
async function textsIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(folder)).filter((name) => /\.(sql|liquid|md|txt)$/.test(name)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  );
}

const foldersIn = async (path: string) =>
  (await entriesOf(path)).filter((entry) => entry.isDirectory()).map(({ name }) => name);
const filesIn = async (path: string) =>
  (await entriesOf(path)).filter((entry) => entry.isFile()).map(({ name }) => name);

/** What a folder holds, by name; nothing where there is no folder. */
async function entriesOf(path: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (isMissing(error)) return [];
    throw new Fault('unreachable', `cannot read ${path}: ${messageOf(error)}`, { cause: error });
  }
}

/** A file that reports share, read by its schema; undefined where there is none. */
async function readYaml<Schema extends z.ZodType>(root: string, path: string, schema: Schema) {
  const text = await readText(join(root, path));
  return text === undefined ? undefined : parseYaml(text, schema, path);
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new Fault('unreachable', `cannot read ${path}: ${messageOf(error)}`, { cause: error });
  }
}

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT';

import { createHash } from 'node:crypto';
import { createReadStream, globSync, statSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Fault } from '../fault.ts';
import type { Load } from '../plan/record.ts';
import type { FoundFile } from '../plan/step.ts';
import type { Source } from '../project/source.ts';
import { type Calendar, nextAfter } from '../time/grain.ts';
import { merge, type Range } from '../time/range.ts';
import { parseDay, startOfDay } from '../time/zone.ts';
import { scanDays } from './csv.ts';
import { sourceTime } from './source-time.ts';
import { type DayPrints, touchedDays } from './touched-days.ts';

/** A file pattern taken apart: what to look for, and the window that a name declares. */
export interface FilePattern {
  readonly glob: string;
  windowOf(fileName: string, calendar: Calendar): Range | undefined;
}

const placeholders = {
  '{day}': { glob: '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]', regex: '(\\d{4}-\\d{2}-\\d{2})' },
  '{month}': { glob: '[0-9][0-9][0-9][0-9]-[0-9][0-9]', regex: '(\\d{4}-\\d{2})' },
} as const;

/** Reads `sales-{month}.csv.gz`: each file of that name covers its whole month, rows or not. */
export function parsePattern(pattern: string): FilePattern {
  const unit = pattern.includes('{day}') ? 'day' : pattern.includes('{month}') ? 'month' : undefined;
  const mark = `{${unit}}` as keyof typeof placeholders;
  if (unit === undefined) return { glob: pattern, windowOf: () => undefined };
  const name = basename(pattern);
  const regex = new RegExp(
    `^${name
      .split(mark)
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*'))
      .join(placeholders[mark].regex)}$`,
  );
  return {
    glob: pattern.replace(mark, placeholders[mark].glob),
    windowOf(fileName, calendar) {
      const text = regex.exec(fileName)?.[1];
      const civil = text && parseDay(unit === 'month' ? `${text}-01` : text);
      if (civil === undefined || civil === '') return undefined;
      const from = startOfDay(calendar.timezone, civil);
      return { from, until: nextAfter(unit, from, calendar) };
    },
  };
}

/** What finding needs to know beside the source. */
export interface FindFacts {
  readonly root: string;
  readonly calendar: Calendar;
  /** The pattern with its Liquid rendered. */
  readonly pattern: string;
  /** What was kept of the days of a file when it was loaded. */
  daysOf(file: string): Promise<DayPrints>;
}

/**
 * The files of a source that are new or changed since they were loaded. A file of the same size and time is taken as the
 * same; otherwise its content decides, and day by day which days it touches. Throws `Fault` invalid for a file without the
 * heading of the time column.
 */
export async function findFiles(source: Source, loads: readonly Load[], facts: FindFacts): Promise<FoundFile[]> {
  const pattern = parsePattern(facts.pattern);
  const glob = isAbsolute(pattern.glob) ? pattern.glob : join(facts.root, pattern.glob);
  const found: FoundFile[] = [];
  const names = new Set<string>();
  const latest = new Map(loads.map((load) => [load.file, load]));
  // What files cover, merged: a few ranges, however many files there are.
  let covered = merge(loads.flatMap((load) => load.range ?? []));
  for (const path of globSync(glob).sort()) {
    const file = basename(path);
    if (names.has(file)) {
      throw new Fault('invalid', `two files called ${file} match ${facts.pattern}`, {
        place: { file: source.path },
        hint: `A file of ${source.name} is known by its name: give the files different names.`,
      });
    }
    names.add(file);
    const { size, mtimeMs } = statSync(path);
    const modifiedAt = Math.floor(mtimeMs);
    const loaded = latest.get(file);
    if (loaded && loaded.size === size && loaded.modifiedAt === modifiedAt) continue;
    const sha256 = await hashOf(path);
    if (loaded?.sha256 === sha256) continue;
    const common = { source: source.name, file, path, sha256, size, modifiedAt };
    if (!source.timeColumn) {
      found.push(common);
      continue;
    }
    const window = pattern.windowOf(file, facts.calendar);
    const { range, days, lines } = await readDays(source, path, window, facts.calendar);
    if (!range) {
      // Lines without a single time that can be read: loading the file will say so.
      if (lines > 0) found.push(common);
      continue;
    }
    const before = loaded && { load: loaded, days: await facts.daysOf(file) };
    const others = loaded ? coveredBeside(file, [...loads, ...found]) : covered;
    const segments = touchedDays({ range, days }, before, others, facts.calendar);
    found.push({ ...common, range, days, segments });
    covered = merge([...covered, range]);
  }
  return found;
}

/** What the other files cover, each as it was found last. */
function coveredBeside(file: string, files: readonly (Load | FoundFile)[]): Range[] {
  const ranges = new Map(files.map((one) => [one.file, one.range]));
  ranges.delete(file);
  return merge([...ranges.values()].flatMap((range) => range ?? []));
}

/** The lines of a file by day, and what it covers: the window that its name declares, else its first to its last day. */
async function readDays(source: Source, path: string, window: Range | undefined, calendar: Calendar) {
  const column = source.timeColumn as string;
  const { dayOf } = sourceTime(source, calendar);
  const { days, lines } = await scanDays(path, source.columns[column]?.from ?? column, dayOf);
  if (window) return { days, lines, range: window };
  const dates = Object.keys(days);
  const edge = (date: string | undefined) => startOfDay(calendar.timezone, parseDay(date ?? '') ?? 0);
  if (dates.length === 0) return { days, lines, range: undefined };
  return { days, lines, range: { from: edge(dates[0]), until: nextAfter('day', edge(dates.at(-1)), calendar) } };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

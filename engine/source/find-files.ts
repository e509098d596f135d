import { createHash } from 'node:crypto';
import { createReadStream, globSync, statSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Fault } from '../fault.ts';
import type { Load } from '../plan/record.ts';
import type { FoundFile } from '../plan/step.ts';
import type { Source } from '../project/source.ts';
import { type Calendar, nextAfter } from '../time/grain.ts';
import type { Range } from '../time/range.ts';
import { parseDay, startOfDay } from '../time/zone.ts';
import { scanDates } from './csv.ts';

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
}

/**
 * The files of a source that are new or changed since they were loaded. A file of the same size and time is taken as the
 * same; otherwise its content decides. Throws `Fault` invalid when a file's dates cannot be read.
 */
export async function findFiles(source: Source, loads: readonly Load[], facts: FindFacts): Promise<FoundFile[]> {
  const pattern = parsePattern(facts.pattern);
  const glob = isAbsolute(pattern.glob) ? pattern.glob : join(facts.root, pattern.glob);
  const found: FoundFile[] = [];
  const names = new Set<string>();
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
    const loaded = loads.find((load) => load.file === file);
    if (loaded && loaded.size === size && loaded.modifiedAt === modifiedAt) continue;
    const sha256 = await hashOf(path);
    if (loaded?.sha256 === sha256) continue;
    const range = source.timeColumn ? await coverageOf(source, path, file, pattern, facts.calendar) : undefined;
    if (source.timeColumn && !range) continue;
    found.push({ source: source.name, file, path, sha256, size, modifiedAt, ...(range ? { range } : {}) });
  }
  return found;
}

async function coverageOf(
  source: Source,
  path: string,
  file: string,
  pattern: FilePattern,
  calendar: Calendar,
): Promise<Range | undefined> {
  const declared = pattern.windowOf(file, calendar);
  if (declared) return declared;
  const column = source.timeColumn as string;
  const dates = await scanDates(path, source.columns[column]?.from ?? column);
  if (!dates) return undefined;
  const edge = (text: string) => startOfDay(calendar.timezone, parseDay(text) as number);
  return { from: edge(dates.first), until: nextAfter('day', edge(dates.last), calendar) };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

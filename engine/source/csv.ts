import { createHash, type Hash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { didYouMean } from '../config/nearest.ts';
import { Fault } from '../fault.ts';
import { type CivilDay, showDay } from '../time/zone.ts';
import type { DayPrints } from './touched-days.ts';

/**
 * The text of a CSV file, unpacked when its name ends in `.gz`. The caller reads it to the end or destroys it. `opened` is
 * given the file itself.
 */
export function openCsv(path: string, opened?: (file: ReadStream) => void): Readable {
  const file = createReadStream(path);
  opened?.(file);
  if (!path.endsWith('.gz')) return file;
  const gunzip = createGunzip();
  file.on('error', (error) => gunzip.destroy(error));
  gunzip.on('close', () => file.destroy());
  return file.pipe(gunzip);
}

/** The headings of a CSV file's first line. Throws `Fault` invalid for an empty or damaged file. */
export async function readHeadings(path: string): Promise<string[]> {
  for await (const record of records(path, 1)) return record;
  throw new Fault('invalid', 'the file is empty: it has not even a line of headings', {
    place: { file: path, line: 1 },
  });
}

/**
 * What tells the lines of each day from others, by date; a line whose time cannot be read belongs to no day, and loading
 * the file will name it. `lines` counts all, without the headings. Throws `Fault` invalid where the heading is missing.
 */
export async function scanDays(
  path: string,
  heading: string,
  dayOf: (text: string) => CivilDay | undefined,
): Promise<{ readonly days: DayPrints; readonly lines: number }> {
  let index: number | undefined;
  let lines = 0;
  const hashes = new Map<string, Hash>();
  const dates = new Map<string, string | undefined>();
  for await (const record of records(path)) {
    if (index === undefined) {
      index = record.indexOf(heading);
      if (index < 0) throw missingHeading(path, heading, record);
      continue;
    }
    lines += 1;
    const text = record[index] ?? '';
    if (!dates.has(text)) {
      const day = dayOf(text);
      dates.set(text, day === undefined ? undefined : showDay(day));
    }
    const date = dates.get(text);
    if (date === undefined) continue;
    let hash = hashes.get(date);
    if (!hash) {
      hash = createHash('sha256');
      hashes.set(date, hash);
    }
    hash.update(`${record.join('\u001f')}\u001e`);
  }
  const days = Object.fromEntries(
    [...hashes].sort().map(([date, hash]) => [date, hash.digest('base64url').slice(0, 16)]),
  );
  return { days, lines };
}

/** The fault for a file that lacks a heading its source declares. */
export function missingHeading(path: string, heading: string, headings: readonly string[]): Fault {
  const hint = didYouMean(heading, headings);
  return new Fault('invalid', `the file has no heading "${heading}"`, {
    place: { file: path, line: 1 },
    ...(hint ? { hint } : {}),
  });
}

async function* records(path: string, limit?: number): AsyncGenerator<string[]> {
  const text = openCsv(path);
  const parser = parse({ bom: true, relax_column_count: true, ...(limit ? { to: limit } : {}) });
  text.on('error', (error) => parser.destroy(error));
  try {
    for await (const record of text.pipe(parser)) yield record as string[];
  } catch (error) {
    throw new Fault('invalid', `the file cannot be read as CSV: ${error instanceof Error ? error.message : error}`, {
      place: { file: path },
      cause: error,
    });
  } finally {
    text.destroy();
  }
}

/** Passes a CSV text on without its first record, the headings. */
export function skipHeadings(): Transform {
  let skipping = true;
  let quoted = false;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (!skipping) return done(null, chunk);
      for (let index = 0; index < chunk.length; index += 1) {
        if (chunk[index] === quote) quoted = !quoted;
        if (chunk[index] === newline && !quoted) {
          skipping = false;
          return done(null, chunk.subarray(index + 1));
        }
      }
      done();
    },
  });
}

const quote = '"'.charCodeAt(0);
const newline = '\n'.charCodeAt(0);

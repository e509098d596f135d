import { createReadStream } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { didYouMean } from '../config/nearest.ts';
import { Fault } from '../fault.ts';
import { parseDay } from '../time/zone.ts';

/** The text of a CSV file, unpacked when its name ends in `.gz`. The caller reads it to the end or destroys it. */
export function openCsv(path: string): Readable {
  const file = createReadStream(path);
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
 * First and last date of a column, or undefined for a file without rows. Throws `Fault` invalid naming file and line when
 * a value does not begin with a date.
 */
export async function scanDates(
  path: string,
  heading: string,
): Promise<{ readonly first: string; readonly last: string } | undefined> {
  let index: number | undefined;
  let line = 0;
  let first: string | undefined;
  let last: string | undefined;
  for await (const record of records(path)) {
    line += 1;
    if (index === undefined) {
      index = record.indexOf(heading);
      if (index < 0) throw missingHeading(path, heading, record);
      continue;
    }
    const date = (record[index] ?? '').slice(0, 10);
    if (parseDay(date) === undefined) {
      throw new Fault('invalid', `"${record[index] ?? ''}" in ${heading} is not a date such as 2021-09-01`, {
        place: { file: path, line },
      });
    }
    if (first === undefined || date < first) first = date;
    if (last === undefined || date > last) last = date;
  }
  return first === undefined || last === undefined ? undefined : { first, last };
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

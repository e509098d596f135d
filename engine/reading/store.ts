import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SqlDialect } from '../sql/tokens.ts';
import { readTexts } from './reader.ts';
import type { Reading } from './reading.ts';

/** Counts up when a reading of the same text may differ or has another form: what is kept is then read anew. */
const version = 1;

/**
 * The readings of texts, those of the file where it has them. Parsers are loaded only for the others; the file then holds
 * the readings of exactly these texts, or, where they are `some` of its texts, of the others as before, too. It is a
 * cache: one that is missing, damaged or cannot be written costs time only.
 */
export async function readingsOf(
  texts: Iterable<string>,
  dialect: SqlDialect,
  file: string,
  which: 'all' | 'some' = 'all',
): Promise<ReadonlyMap<string, Reading>> {
  const kept = readKept(file);
  const keys = new Map([...texts].map((text) => [text, keyOf(text, dialect)]));
  const missing = [...keys].filter(([, key]) => !Object.hasOwn(kept, key)).map(([text]) => text);
  const fresh = await readTexts(missing, dialect);
  const read = new Map(missing.map((text, place) => [text, fresh[place]]));
  const readings = new Map<string, Reading>();
  for (const [text, key] of keys) {
    const reading = read.get(text) ?? kept[key];
    if (reading) readings.set(text, reading);
  }
  if (missing.length > 0) {
    const held = Object.fromEntries([...readings].map(([text, one]) => [keys.get(text) ?? '', one]));
    keep(file, which === 'some' ? { ...kept, ...held } : held);
  }
  return readings;
}

const keyOf = (text: string, dialect: SqlDialect): string =>
  createHash('sha256').update(`${version} ${dialect} ${text}`).digest('hex');

type Kept = Readonly<Record<string, Reading>>;

function readKept(file: string): Kept {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

/** Written aside and renamed: who reads meanwhile sees the old file or the new one. */
function keep(file: string, readings: Kept): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const aside = `${file}.${process.pid}`;
    writeFileSync(aside, JSON.stringify(readings), { mode: 0o600 });
    renameSync(aside, file);
  } catch {
    // A folder that may not be written, such as one of an image: it is read anew next time.
  }
}

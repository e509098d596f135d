import type { SqlDialect } from '../sql/tokens.ts';
import { type Parsers, type Reading, readText } from './reading.ts';
import { openSecondReader, type SecondReader } from './second.ts';

/** Loads the parsers, some 50 ms each: the second only where the first refuses a text. Must be asked only for what no cache has. */
export async function readTexts(texts: readonly string[], dialect: SqlDialect): Promise<Reading[]> {
  if (texts.length === 0) return [];
  const { loadModule, parseSync } = await import('libpg-query');
  await loadModule();
  const asked: Parsers = { postgres: parseSync, second: () => undefined };
  const readings = texts.map((text) => readText(text, dialect, asked));
  if (readings.every(({ by }) => by !== 'words')) return readings;
  const second: SecondReader = await openSecondReader(dialect);
  return readings.map((reading, place) =>
    reading.by === 'words' ? readText(texts[place] ?? '', dialect, { ...asked, second }) : reading,
  );
}

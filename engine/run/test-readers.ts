import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from '../fault.ts';
import { type Database, type Row, sql } from '../warehouse/database.ts';
import { promises } from './test-attack.ts';

/** What readers have seen, from their start to their end. */
export interface Seen {
  readonly reads: number;
  /** The longest that a reader waited for an answer, in milliseconds. */
  readonly longest: number;
  /** Everything that a reader should not have seen. */
  readonly broken: readonly string[];
}

/** Readers that ask every table over and over, until they are asked what they have seen. */
export function startReaders(database: Database): { end(): Promise<Seen> } {
  let reading = true;
  let reads = 0;
  let longest = 0;
  const broken: string[] = [];
  const read = async ({ name, query, rows, holds }: (typeof promises)[number]) => {
    while (reading) {
      const began = performance.now();
      try {
        const seen = await database.query<Row>(sql.__dangerous__rawValue(query));
        const bad =
          seen.length !== rows || seen.some((row) => Object.entries(holds).some(([key, value]) => row[key] !== value));
        if (bad) broken.push(`${name}: ${JSON.stringify(seen)}`);
        longest = Math.max(longest, performance.now() - began);
        reads += 1;
      } catch (error) {
        // A server that was killed answers nobody; what it says when it is back counts.
        if (!(error instanceof Fault) || error.code !== 'unreachable') broken.push(`${name}: ${String(error)}`);
      }
      await pause(5);
    }
  };
  const all = Promise.all(promises.map(read));
  return {
    async end() {
      reading = false;
      await all;
      return { reads, longest, broken };
    },
  };
}

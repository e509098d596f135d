import { appendFileSync } from 'node:fs';
import type { Database } from './database.ts';
import { openRedshift } from './redshift/redshift.ts';
import { openStandIn, type StandInOptions } from './redshift-stand-in/stand-in.ts';

/** A database behind the stand-in for Redshift. */
export interface TestRedshift extends AsyncDisposable {
  readonly database: Database;
  /** Of the stand-in, in the clear. */
  readonly url: string;
}

/**
 * Opens the stand-in before a database of PostgreSQL, and a connection of ours to it. TIFFIN_STAND_IN_LOG names a file that
 * every statement is added to, a line of JSON each.
 */
export async function testRedshift(
  postgres: string,
  options: Omit<StandInOptions, 'postgres'> = {},
): Promise<TestRedshift> {
  const file = process.env['TIFFIN_STAND_IN_LOG'];
  const standIn = await openStandIn({
    postgres,
    ...(file && { log: (entry) => appendFileSync(file, `${JSON.stringify(entry)}\n`) }),
    ...options,
  });
  const url = new URL(postgres);
  url.port = String(standIn.port);
  url.search = 'sslmode=disable';
  try {
    const database = await openRedshift(url.href);
    return {
      database,
      url: url.href,
      async [Symbol.asyncDispose]() {
        await database[Symbol.asyncDispose]();
        await standIn[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await standIn[Symbol.asyncDispose]();
    throw error;
  }
}

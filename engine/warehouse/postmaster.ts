import { randomUUID } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What a running server writes about itself into `postmaster.pid` of its data folder. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly state: 'starting' | 'ready' | 'stopping';
}

const pidFile = (data: string): string => join(data, 'postmaster.pid');

/** Reads `postmaster.pid` text: pid on line 1, port on line 4, state on line 8. A half-written file gives nothing. */
export function parsePostmaster(text: string): Postmaster | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0 || !Number.isInteger(port) || port <= 0) return undefined;
  const word = lines[7];
  return { pid, port, state: word === 'ready' || word === 'stopping' ? word : 'starting' };
}

/**
 * The server that runs on this data folder, if one does. A stale file does not count: not one whose pid is gone, whose
 * process is a zombie that nobody has reaped, or whose pid now belongs to some other program.
 */
export async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  const postmaster = parsePostmaster(await readPidFile(pidFile(data)));
  return postmaster && (await isPostgres(postmaster.pid, data)) ? postmaster : undefined;
}

/**
 * Removes a stale `postmaster.pid` that PostgreSQL itself will not replace: it takes any living pid, zombies included, for
 * its predecessor. Only where /proc tells for certain; the server's check of its shared memory stays as the last guard.
 */
export async function clearStale(data: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const file = pidFile(data);
  const stale = await readPidFile(file);
  const pid = Number.parseInt(stale, 10);
  if (!(pid > 0) || (await isPostgres(pid, data))) return;
  // Moved before it is removed: should another server have written its own in between, that one goes back.
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    // Somebody else who starts the server has cleared it first.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await readPidFile(aside)) === stale) await rm(aside);
  else await rename(aside, file);
}

/** Is this pid the living postmaster of this data folder? Where there is no /proc, to be alive has to do. */
export async function isPostgres(pid: number, data: string): Promise<boolean> {
  if (process.platform !== 'linux') return isAlive(pid);
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The state follows the command's name, which stands in brackets and may hold anything, brackets included.
    if (stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')) return false;
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').includes(data);
  } catch {
    return false;
  }
}

/** Is there a process with this pid, of whomever? */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Empty where there is none. */
const readPidFile = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return '';
    throw error;
  });

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a running server writes about itself into `postmaster.pid` of its data folder. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly state: 'starting' | 'ready' | 'stopping';
}

/** Reads `postmaster.pid` text: pid on line 1, port on line 4, state on line 8. A half-written file gives nothing. */
export function parsePostmaster(text: string): Postmaster | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0 || !Number.isInteger(port)) return undefined;
  const word = lines[7];
  return { pid, port, state: word === 'ready' || word === 'stopping' ? word : 'starting' };
}

/**
 * The server that runs on this data folder, if one does. A stale file does not count: not one whose pid is gone, whose
 * process is a zombie that nobody has reaped, or whose pid now belongs to some other program.
 */
export async function readPostmaster(dataFolder: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(dataFolder, 'postmaster.pid'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return '';
    throw error;
  });
  const postmaster = parsePostmaster(text);
  return postmaster && (await isPostgres(postmaster.pid, dataFolder)) ? postmaster : undefined;
}

/** Is this pid alive and the postmaster of this data folder? Where there is no /proc, being alive has to do. */
export async function isPostgres(pid: number, dataFolder: string): Promise<boolean> {
  if (process.platform !== 'linux') return isAlive(pid);
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The state follows the command's name, which stands in brackets and may hold anything, brackets included.
    if (stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')) return false;
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
    return words.includes(dataFolder);
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

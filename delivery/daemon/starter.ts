import { execFile } from 'node:child_process';
import { setInterval } from 'node:timers';
import { promisify } from 'node:util';

/**
 * A signal that is given when npm, where it started this process (`npx delivery daemon`), has ended: npm does not pass on
 * what it is told, and a daemon that nobody can stop any more would stay. Undefined where nobody needs to be watched.
 */
export async function whenStarterEnds(
  env: Readonly<Record<string, string | undefined>>,
  every = 1_000,
): Promise<AbortSignal | undefined> {
  if (env['npm_command'] === undefined) return undefined;
  const { ppid } = process;
  // Between npm and us there may be a shell, which goes on waiting for us when npm is gone.
  const above = [ppid, await parentOf(ppid)].filter((pid) => pid > 1);
  const gone = new AbortController();
  const timer = setInterval(() => {
    if (process.ppid === ppid && above.every(isThere)) return;
    clearInterval(timer);
    gone.abort();
  }, every);
  timer.unref();
  return gone.signal;
}

async function parentOf(pid: number): Promise<number> {
  const told = await promisify(execFile)('ps', ['-o', 'ppid=', '-p', String(pid)]).catch(() => undefined);
  return Number(told?.stdout.trim() ?? 0);
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process is there, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** When a process began, in the system's own count; '' where the system does not tell, undefined when there is none. */
export function startOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  try {
    // After the name, which may hold anything: the state, and 18 fields on the start (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
    return fields[0] === 'Z' ? undefined : (fields[19] ?? '');
  } catch {
    return '';
  }
}

/** Ends a process that carries a word on its command line, first asking it. True when it is gone, or was never that one. */
export async function endProcess(pid: number, word: string): Promise<boolean> {
  const isIt = async () => startOf(pid) !== undefined && (await commandOf(pid)).includes(word);
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!(await isIt())) return true;
    try {
      process.kill(pid, signal);
    } catch {
      return !(await isIt());
    }
    for (let waited = 0; waited < 5_000 && (await isIt()); waited += 50) await pause(50);
  }
  return !(await isIt());
}

async function commandOf(pid: number): Promise<string> {
  // Where the system does not tell, the number alone has to do.
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => (process.platform === 'linux' ? '' : '*'));
}

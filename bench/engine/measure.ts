import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What a command and all processes below it used. */
export interface Used {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** Highest resident memory of its largest process. */
  readonly peakMegabytes: number;
  readonly code: number | null;
}

/** Linux counts CPU time in hundredths of a second. */
const ticksPerSecond = 100;

/**
 * Runs a command and looks at its process tree every 50 ms, from /proc: a tool that ends its own workers without waiting for
 * them hides them from `time`. CPU is right to about 50 ms a process. Linux only.
 */
export async function measure(
  command: string,
  words: readonly string[],
  options: { readonly cwd: string },
): Promise<Used> {
  const began = performance.now();
  const child = spawn(command, words, { cwd: options.cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  const cpu = new Map<number, number>();
  let peak = 0;
  const look = () => {
    for (const pid of tree(child.pid as number)) {
      const seen = readUse(pid);
      if (!seen) continue;
      cpu.set(pid, Math.max(cpu.get(pid) ?? 0, seen.cpuTicks));
      peak = Math.max(peak, seen.peakKilobytes);
    }
  };
  const timer = setInterval(look, 50);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearInterval(timer);
  const ticks = [...cpu.values()].reduce((sum, one) => sum + one, 0);
  return {
    wallSeconds: (performance.now() - began) / 1000,
    cpuSeconds: ticks / ticksPerSecond,
    peakMegabytes: peak / 1024,
    code,
  };
}

/** The run in the middle, by CPU. */
export async function medianOf(runs: number, once: () => Promise<Used>): Promise<Used> {
  const all: Used[] = [];
  for (let run = 0; run < runs; run += 1) all.push(await once());
  return all.sort((a, b) => a.cpuSeconds - b.cpuSeconds)[Math.floor(runs / 2)] as Used;
}

function tree(root: number): number[] {
  const below = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = statOf(Number(name))?.[1];
    if (parent !== undefined) below.set(Number(parent), [...(below.get(Number(parent)) ?? []), Number(name)]);
  }
  const found = [root];
  for (const pid of found) found.push(...(below.get(pid) ?? []));
  return found;
}

/** The fields of /proc/PID/stat behind the name, which may hold spaces. */
function statOf(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined; // It has ended meanwhile.
  }
}

function readUse(pid: number): { readonly cpuTicks: number; readonly peakKilobytes: number } | undefined {
  const stat = statOf(pid);
  if (!stat) return undefined;
  try {
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return { cpuTicks: Number(stat[11]) + Number(stat[12]), peakKilobytes: Number(peak?.[1] ?? 0) };
  } catch {
    return undefined;
  }
}

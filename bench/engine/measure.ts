import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The root of the checkout, which is the sample project too. */
export const house = fileURLToPath(new URL('../..', import.meta.url));
export const engineCommand = fileURLToPath(new URL('../../engine/main.mjs', import.meta.url));

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

/** CPU time in seconds of all processes below this one that have ended and were waited for. */
export function cpuOfEndedChildren(): number {
  const stat = statOf(process.pid) ?? [];
  return (Number(stat[13] ?? 0) + Number(stat[14] ?? 0)) / ticksPerSecond;
}

/** CPU time in seconds that a server and all its processes have used, those that have ended among them. */
export function cpuOfTree(root: number): number {
  let ticks = 0;
  for (const pid of tree(root)) {
    const stat = statOf(pid) ?? [];
    ticks += Number(stat[11] ?? 0) + Number(stat[12] ?? 0);
    if (pid === root) ticks += Number(stat[13] ?? 0) + Number(stat[14] ?? 0);
  }
  return ticks / ticksPerSecond;
}

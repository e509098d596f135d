import { type ChildProcess, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** A process of a test's own: it may be killed, and `said` is all it wrote once it has ended. */
export interface TestProcess {
  readonly child: ChildProcess;
  /** What it wrote; rejects with its errors when it failed. A killed one has said what it said. */
  readonly said: Promise<string>;
}

export interface TestProcessOptions {
  /** Another house of modules than this one: the URL of a folder like ours. */
  readonly house?: URL;
  readonly uid?: number;
  readonly gid?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs lines of a module in a process of their own; `house` in them is the URL of the warehouse's folder. */
export function testProcess(lines: string, options: TestProcessOptions = {}): TestProcess {
  const house = options.house ?? new URL('./', import.meta.url);
  const code = `const house = ${JSON.stringify(house.href)};\n${lines}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: '/',
    env: { PATH: process.env['PATH'], ...options.env },
    ...(options.uid !== undefined && { uid: options.uid, gid: options.gid }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
  });
  const said = Promise.all([text(child.stdout), text(child.stderr), ended]).then(([out, errors]) => {
    if (child.exitCode) throw new Error(errors);
    return out.trim();
  });
  said.catch(() => {}); // Whoever asks for it hears of it.
  return { child, said };
}

/** Lines that ensure a folder's cluster and print its pid. */
export const ensuring = (folder: string): string => `
  const { ensureCluster } = await import(house + 'embedded.ts');
  const { pid } = await ensureCluster(${JSON.stringify(folder)});
  console.log(pid);`;

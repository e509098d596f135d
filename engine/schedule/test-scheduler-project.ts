import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** A project in a folder of its own, whose warehouse and state are one database, and the real command. */
export interface SchedulerProject extends Disposable {
  readonly root: string;
  write(path: string, text: string): void;
  /** Starts a command; `lines` are what it has logged so far. */
  start(...words: string[]): {
    readonly pid: number;
    readonly lines: () => string;
    readonly ended: Promise<{ readonly code: number | null; readonly out: string }>;
  };
}

export function schedulerProject(url: string, environment: Readonly<Record<string, string>> = {}): SchedulerProject {
  const root = mkdtempSync(join(tmpdir(), 'tiffin-scheduler-'));
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  write(
    'project.yml',
    `name: test
timezone: Asia/Kolkata
target: local
targets: { local: { type: postgres, url: env:WAREHOUSE_URL } }
state: env:STATE_URL
pools: { slow: 2 }
`,
  );
  return {
    root,
    write,
    start(...words) {
      const child = spawn(process.execPath, [main, ...words], {
        cwd: root,
        env: { PATH: process.env['PATH'], WAREHOUSE_URL: url, STATE_URL: url, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let lines = '';
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        lines += chunk;
      });
      const closed = new Promise<void>((resolve) => child.on('close', () => resolve()));
      const ended = Promise.all([text(child.stdout), closed]).then(([out]) => ({ code: child.exitCode, out }));
      return { pid: child.pid as number, lines: () => lines, ended };
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { stopCluster } from '../engine/warehouse/embedded.ts';
import { clusterFolder } from '../engine/warehouse/open.ts';

const house = fileURLToPath(new URL('..', import.meta.url));

/** How a command ended. `code` is null for one that was killed. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** A copy of the sample project in a folder of a test's own, with the very commands a user has. */
export interface SampleProject extends AsyncDisposable {
  readonly root: string;
  /** Where its raw files are expected. */
  readonly sales: string;
  engine(...words: string[]): Promise<Ended>;
  /** Starts a command and leaves it running. */
  start(...words: string[]): { readonly pid: number; readonly ended: Promise<Ended> };
}

/** Makes the copy; `sales` names a folder of raw files elsewhere. Disposed, its server is stopped and all removed. */
export function sampleProject(options: { readonly sales?: string } = {}): SampleProject {
  const root = mkdtempSync(join(tmpdir(), 'tiffin-sample-'));
  for (const part of ['models', 'dags']) cpSync(join(house, part), join(root, part), { recursive: true });
  // Reports are delivery's: without them the engine is tested alone.
  const settings = readFileSync(join(house, 'project.yml'), 'utf8');
  writeFileSync(join(root, 'project.yml'), settings.replace(/^exposures:.*\n/m, ''));
  const sales = options.sales ?? join(root, 'sales');
  mkdirSync(sales, { recursive: true });
  const start = (...words: string[]) => {
    const child = spawn(process.execPath, [join(house, 'engine/main.mjs'), ...words], {
      cwd: root,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], SALES_DATA: sales },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const done = new Promise<void>((resolve) => child.on('close', () => resolve()));
    const ended = Promise.all([text(child.stdout), text(child.stderr), done]).then(([out, errors]) => ({
      code: child.exitCode,
      out,
      errors,
    }));
    return { pid: child.pid as number, ended };
  };
  return {
    root,
    sales,
    engine: (...words) => start(...words).ended,
    start,
    async [Symbol.asyncDispose]() {
      await stopCluster(clusterFolder(root));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

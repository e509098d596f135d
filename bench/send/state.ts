import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../engine/warehouse/database.ts';
import { ensureCluster, stopCluster } from '../../engine/warehouse/embedded.ts';
import { openPostgres } from '../../engine/warehouse/postgres.ts';

/** A state database of a measurement's own, as durable as a real one: every commit waits for the disk. */
export interface BenchState extends AsyncDisposable {
  readonly database: Database;
  /** A folder for files, gone with the rest. */
  readonly root: string;
}

export async function openBenchState(): Promise<BenchState> {
  const root = mkdtempSync(join(tmpdir(), 'tiffin-bench-'));
  const cluster = await ensureCluster(join(root, 'postgres'));
  const database = await openPostgres(cluster.url('postgres'));
  return {
    database,
    root,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await stopCluster(join(root, 'postgres'));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export const say = (line: string) => process.stdout.write(`${line}\n`);

export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

export const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

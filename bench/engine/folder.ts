import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Cluster, ensureCluster, stopCluster } from '../../engine/warehouse/embedded.ts';

/** A folder of its own for `work`, gone afterwards. */
export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tiffin-bench-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A server of its own for `work`, in a folder; stopped and gone afterwards, its data too, which may lie elsewhere. */
export async function withCluster(folder: string, work: (cluster: Cluster) => Promise<void>): Promise<void> {
  const cluster = await ensureCluster(folder);
  try {
    await work(cluster);
  } finally {
    await stopCluster(folder);
    rmSync(dirname(cluster.dataFolder), { recursive: true, force: true });
  }
}

import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findData } from './cluster-place.ts';
import { stopCluster } from './embedded.ts';

/** An empty folder for a cluster of a test's own. */
export interface TestFolder extends AsyncDisposable {
  readonly path: string;
}

/** Makes the folder, open for passing through as a checkout usually is; disposed, its server is stopped and all removed. */
export async function testFolder(mode = 0o711): Promise<TestFolder> {
  const path = await mkdtemp(join(tmpdir(), 'tiffin-test-'));
  await chmod(path, mode);
  return {
    path,
    async [Symbol.asyncDispose]() {
      await stopCluster(path);
      const data = await findData(path);
      if (data && dirname(data) !== path) await rm(dirname(data), { recursive: true, force: true });
      await rm(path, { recursive: true });
    },
  };
}

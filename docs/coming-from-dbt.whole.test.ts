import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { stopCluster } from '../engine/warehouse/embedded.ts';
import { clusterFolder } from '../engine/warehouse/open.ts';

const house = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(join(house, 'docs/coming-from-dbt.md'), 'utf8');

test('every command of the page works, in its order', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tiffin-dbt-'));
  const npx = join(folder, 'npx');
  // What npx does inside a checkout.
  writeFileSync(npx, `#!/bin/sh\nprogram=$1\nshift\nexec "${process.execPath}" "${house}/$program/main.mjs" "$@"\n`);
  chmodSync(npx, 0o755);
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, commands]) => commands);
  try {
    const { status, stdout, stderr } = spawnSync('bash', ['-euxc', blocks.join('')], {
      cwd: folder,
      encoding: 'utf8',
      env: { HOME: folder, PATH: `${folder}:${process.env['PATH']}` },
    });
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toContain('Nothing to do: everything selected is current.');
    expect(stdout).toMatch(/built +kpi\.daily/);
    // The late file's day, and no other, is built again.
    expect(stdout).toMatch(/2026-01-03 +1\.00/);
    expect(blocks.length).toBe(4);
  } finally {
    await stopCluster(clusterFolder(join(folder, 'shop')));
    rmSync(folder, { recursive: true, force: true });
  }
});

import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFolderStore } from './folder.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tiffin-files-'));
});
afterEach(() => rm(root, { recursive: true }));

const hello = new TextEncoder().encode('नमस्ते');

test('what was put can be read, and is kept once', async () => {
  const store = openFolderStore(root, 'files');
  const [first, second] = await Promise.all([store.put(hello), store.put(hello)]);
  expect(first).toEqual(second);
  expect(first.bytes).toBe(18);
  expect(new TextDecoder().decode(await store.read(first.sha256))).toBe('नमस्ते');
  const folder = join(root, 'files', first.sha256.slice(0, 2));
  expect(await readdir(folder)).toEqual([first.sha256]);
  expect((await stat(join(folder, first.sha256))).mode & 0o777).toBe(0o600);
});

test('where the folder lets its group read, what is put there does', async () => {
  await mkdir(join(root, 'files'));
  await chmod(join(root, 'files'), 0o2750);
  const { sha256 } = await openFolderStore(root, 'files').put(hello);
  const folder = join(root, 'files', sha256.slice(0, 2));
  const modes = await Promise.all([folder, join(folder, sha256)].map(async (path) => (await stat(path)).mode & 0o777));
  expect(modes).toEqual([0o750, 0o640]);
});

test('a file that was cut or is gone is not handed out, and putting it again mends it', async () => {
  const store = openFolderStore(root, 'files');
  const { sha256 } = await store.put(hello);
  await writeFile(join(root, 'files', sha256.slice(0, 2), sha256), 'x');
  await expect(store.read(sha256)).rejects.toThrow(/was changed/);
  await store.put(hello);
  expect((await store.read(sha256)).byteLength).toBe(18);
  await expect(store.read('0'.repeat(64))).rejects.toThrow(/is not in the file store/);
});

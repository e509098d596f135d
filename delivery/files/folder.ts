import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Fault } from '#engine';
import type { FileStore } from './file-store.ts';

interface Modes {
  readonly file: number;
  readonly folder: number;
}

const closed: Modes = { file: 0o600, folder: 0o700 };
const readByGroup: Modes = { file: 0o640, folder: 0o750 };

/**
 * A folder, `path` from the project's root, of files named by their SHA-256. They are readable by their owner alone, unless
 * whoever set up the machine lets a group read the folder: a sender with a user of its own reads what it sends. A file appears
 * under its name only when all of it is on disk, so a crash leaves at most a stray temporary file.
 */
export function openFolderStore(root: string, path: string): FileStore {
  const shownPath = (sha256: string) => join(path, sha256.slice(0, 2), sha256);
  const pathOf = (sha256: string) => resolve(root, shownPath(sha256));
  const folder = resolve(root, path);
  return {
    pathOf: shownPath,
    async put(content) {
      const sha256 = hashOf(content);
      const path = pathOf(sha256);
      const kept = await readFile(path).catch(() => undefined);
      if (kept === undefined || hashOf(kept) !== sha256) await writeDurably(path, content, await modesIn(folder));
      return { sha256, bytes: content.byteLength };
    },
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
    async read(sha256) {
      const content = await readFile(pathOf(sha256)).catch((cause) => {
        throw new Fault('failed', `the file ${sha256} is not in the file store`, { cause });
      });
      if (hashOf(content) === sha256) return content;
      throw new Fault('failed', `the file ${sha256} in the file store was changed`);
    },
  };
}

async function modesIn(folder: string): Promise<Modes> {
  const found = await stat(folder).catch(() => undefined);
  return found !== undefined && (found.mode & 0o040) !== 0 ? readByGroup : closed;
}

/** Writes a file so that it is there whole or not at all, even after a loss of power: aside, flushed, renamed, flushed. */
export async function writeDurably(path: string, content: Uint8Array, modes = closed): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: modes.folder });
  const aside = join(folder, `.${randomUUID()}.tmp`);
  try {
    const file = await open(aside, 'wx', modes.file);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  const entry = await open(folder, 'r');
  await entry.sync().finally(() => entry.close());
}

function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

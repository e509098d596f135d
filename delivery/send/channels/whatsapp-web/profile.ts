import { randomUUID } from 'node:crypto';
import { cp, link, mkdir, readFile, readlink, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { endProcess, startOf } from './processes.ts';

/** A browser profile that is ours alone until it is left. */
export interface HeldProfile {
  readonly folder: string;
  /** Keeps a copy of a profile whose browser has ended well. */
  snapshot(): Promise<void>;
  leave(): Promise<void>;
}

interface Owner {
  readonly pid: number;
  readonly start: string;
}

/**
 * Takes a lane's profile for this process: undefined while another that lives has it. A browser that outlived its process
 * is ended by its id, which Chromium's own lock names, so that nothing of it is still being sent.
 */
export async function holdProfile(home: string): Promise<HeldProfile | undefined> {
  const folder = join(home, 'profile');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const mark = join(home, 'owner');
  if (!(await takeMark(mark))) return undefined;
  await endOrphan(folder);
  return {
    folder,
    snapshot: () => snapshot(folder, join(home, 'profile.snapshot')),
    leave: () => rm(mark, { force: true }),
  };
}

/** The process of the browser that has a profile; undefined when none has. */
export async function browserOf(folder: string): Promise<number | undefined> {
  const lock = await readlink(join(folder, 'SingletonLock')).catch(() => undefined);
  const pid = Number(lock?.split('-').at(-1));
  return Number.isInteger(pid) && pid > 1 && startOf(pid) !== undefined ? pid : undefined;
}

async function endOrphan(folder: string): Promise<void> {
  const pid = await browserOf(folder);
  if (pid !== undefined && !(await endProcess(pid, folder))) {
    throw new Error(`the browser ${pid} still has the profile and does not end`);
  }
  // What a killed browser leaves would keep the next one out.
  for (const name of ['SingletonLock', 'SingletonSocket', 'SingletonCookie']) {
    await rm(join(folder, name), { force: true });
  }
}

async function takeMark(mark: string): Promise<boolean> {
  const own: Owner = { pid: process.pid, start: startOf(process.pid) ?? '' };
  const mine = `${mark}.${randomUUID()}`;
  await writeFile(mine, JSON.stringify(own), { mode: 0o600, flag: 'wx' });
  try {
    for (;;) {
      // A link fails where the name is taken: it is there whole or not at all.
      const taken = await link(mine, mark).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'EEXIST') return false;
          throw error;
        },
      );
      if (taken) return true;
      const there = await readOwner(mark);
      if (there === 'gone') continue;
      if (there && startOf(there.pid) === there.start) return false;
      await rename(mark, `${mine}.dead`).catch(() => {});
      await rm(`${mine}.dead`, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

async function readOwner(mark: string): Promise<Owner | 'gone' | undefined> {
  const text = await readFile(mark, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return 'gone';
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return undefined;
  }
}

const caches = new Set([
  'Cache',
  'Code Cache',
  'GPUCache',
  'GrShaderCache',
  'ShaderCache',
  'DawnGraphiteCache',
  'DawnWebGPUCache',
  'GraphiteDawnCache',
  'component_crx_cache',
  'Crashpad',
]);
/** Milliseconds for which a copy is new enough. */
const day = 24 * 3_600_000;

async function snapshot(folder: string, to: string): Promise<void> {
  const last = await stat(to).catch(() => undefined);
  if (last && Date.now() - last.mtimeMs < day) return;
  await rm(`${to}.part`, { recursive: true, force: true });
  await cp(folder, `${to}.part`, {
    recursive: true,
    filter: (path) => !caches.has(basename(path)) && !basename(path).startsWith('Singleton'),
  });
  await rm(to, { recursive: true, force: true });
  await rename(`${to}.part`, to);
}

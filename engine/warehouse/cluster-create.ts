import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chown, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Fault } from '../fault.ts';
import type { Binaries } from './binaries.ts';
import { type ClusterPlace, exists } from './cluster-place.ts';
import { isAlive } from './postmaster.ts';

/** The name of the server's first role, ours. */
export const clusterUser = 'tiffin';

/** Neither the user's locale nor their PG* variables may reach the server. */
export const serverEnvironment = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' });

/**
 * Makes the data folder unless it is there. It is made aside and moved into place in one step, so a killed attempt never
 * looks like a cluster; of two that make it at once, one is moved and the other thrown away.
 */
export async function createCluster(place: ClusterPlace, binaries: Binaries, password: string, signal: AbortSignal) {
  if (await exists(join(place.data, 'PG_VERSION'))) return;
  const home = dirname(place.data);
  await sweep(home);
  const aside = join(home, `new.${process.pid}.${randomUUID().slice(0, 8)}`);
  const passwordFile = join(aside, 'password');
  try {
    await mkdir(aside, { mode: 0o700 });
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (place.account) {
      for (const path of [aside, passwordFile]) await chown(path, place.account.uid, place.account.gid);
    }
    await initdb(place, binaries, join(aside, 'data'), passwordFile, signal);
    await rename(join(aside, 'data'), place.data);
  } catch (error) {
    if (!(await exists(join(place.data, 'PG_VERSION')))) throw error;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function initdb(
  place: ClusterPlace,
  binaries: Binaries,
  data: string,
  passwordFile: string,
  signal: AbortSignal,
) {
  const words = [
    ['-D', data, '--data-checksums', '--no-instructions'],
    [`--username=${clusterUser}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
    binaries.locale,
  ].flat();
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  const child = spawn(binaries.initdb, words, {
    ...(place.account && { uid: place.account.uid, gid: place.account.gid }),
    cwd: '/',
    env: serverEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      said += text;
    });
  }
  child.on('error', reject);
  child.on('close', resolve);
  const code = await promise.catch((cause) => {
    signal.throwIfAborted();
    throw new Fault('failed', `initdb could not be started: ${cause.message}`, { hint: glibcHint, cause });
  });
  if (code !== 0) throw new Fault('failed', `initdb stopped with ${code}:\n${said.trim()}`);
}

/** Shown where a program of ours is there and yet cannot be started. */
export const glibcHint = 'The packaged binaries need glibc (not musl) on Linux; otherwise use a PostgreSQL by URL.';

/** Removes what killed attempts have left behind. */
async function sweep(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const pid = /^new\.(\d+)\./.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) await rm(join(home, name), { recursive: true, force: true });
  }
}

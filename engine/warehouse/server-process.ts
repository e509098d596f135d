import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, messageOf } from '../fault.ts';
import type { Binaries } from './binaries.ts';
import { glibcHint, serverEnvironment } from './cluster-create.ts';
import { type ClusterPlace, logFile } from './cluster-place.ts';
import { freePort } from './free-port.ts';
import { clearStale } from './postmaster.ts';
import { type ServerSettings, serverSettings, settingArguments } from './settings.ts';

/** A server that we have started; whether it comes up is another matter. */
export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  ended(): boolean;
  /**
   * Says why it ended: returns where that will pass (another was quicker, its predecessor is not quite gone, the port was
   * taken meanwhile, somebody killed it), throws `Fault` failed with its last words otherwise.
   */
  mayTryAgain(): Promise<void>;
}

/** Starts a server on a data folder, on the port it had before if that is free; it outlives us. */
export async function startServer(
  place: ClusterPlace,
  binaries: Binaries,
  settings: ServerSettings,
): Promise<ServerProcess> {
  const port = await freePort(await rememberedPort(place));
  const words = ['-D', place.data, '-p', String(port), ...settingArguments({ ...serverSettings, ...settings })];
  const logFrom = await turnLog(logFile(place));
  const child = await launch(place, binaries.postgres, words);
  return {
    pid: child.pid ?? 0,
    port,
    ended: () => child.exitCode !== null || child.signalCode !== null,
    async mayTryAgain() {
      const said = await readFrom(logFile(place), logFrom);
      if (/lock file/.test(said)) await clearStale(place.data);
      if (child.signalCode !== null || passing.test(said)) return;
      throw new Fault('failed', `The embedded PostgreSQL did not start:\n${lastLines(said)}`, {
        hint: `See ${logFile(place)}`,
      });
    },
  };
}

const passing = /lock file|shared memory block|could not bind|could not create any TCP\/IP sockets/;

const lastLines = (text: string): string => text.trim().split('\n').slice(-8).join('\n');

async function launch(place: ClusterPlace, program: string, words: readonly string[]): Promise<ChildProcess> {
  const log = openSync(logFile(place), 'a', 0o600);
  try {
    // Detached: neither our end nor a Ctrl-C in our terminal is the server's end.
    const child = spawn(program, words, {
      ...(place.account && { uid: place.account.uid, gid: place.account.gid }),
      cwd: '/',
      env: serverEnvironment(),
      detached: true,
      stdio: ['ignore', log, log],
    });
    await once(child, 'spawn');
    child.unref();
    return child;
  } catch (cause) {
    throw new Fault('failed', `PostgreSQL could not be started: ${messageOf(cause)}`, { hint: glibcHint, cause });
  } finally {
    closeSync(log);
  }
}

/** Keeps the port for the next start, so that URLs stay good. */
export const rememberPort = (place: ClusterPlace, port: number): Promise<void> =>
  writeFile(join(place.folder, 'port'), `${port}\n`, { mode: 0o600 });

const rememberedPort = (place: ClusterPlace): Promise<number> =>
  readFile(join(place.folder, 'port'), 'utf8').then(
    (text) => Number(text) || 0,
    () => 0,
  );

/** Puts a long log aside, in the place of the one before. Returns where the next words will stand. */
async function turnLog(log: string): Promise<number> {
  const size = await stat(log).then(
    (found) => found.size,
    () => 0,
  );
  if (size < 5_000_000) return size;
  await rename(log, `${log}.1`);
  return 0;
}

const readFrom = async (file: string, from: number): Promise<string> =>
  (await readFile(file)).subarray(from).toString('utf8');

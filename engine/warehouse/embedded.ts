import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { Fault, messageOf } from '../fault.ts';
import { type Binaries, embeddedBinaries } from './binaries.ts';
import { clusterUser, createCluster, glibcHint, serverEnvironment } from './cluster-create.ts';
import { type ClusterPlace, clusterPassword, clusterPlace } from './cluster-place.ts';
import { isPostgres, readPostmaster } from './postmaster.ts';
import { type ServerSettings, serverSettings, settingArguments } from './settings.ts';

/** A running server of ours on the loopback interface. The URL holds the password: not for logs. */
export interface Cluster {
  readonly folder: string;
  readonly dataFolder: string;
  readonly pid: number;
  readonly port: number;
  url(database: string): string;
}

export interface ClusterOptions {
  readonly signal?: AbortSignal;
  /** Settings beside the usual ones; they count only for the one who starts the server. */
  readonly settings?: ServerSettings;
  /** Another PostgreSQL than the one from npm. */
  readonly binaries?: Binaries;
}

/** Long enough for the recovery of a server that was killed under load. */
const patience = 120_000;

/**
 * Makes, starts or adopts the server of a folder, and returns when it answers. Any number of processes may ask at once:
 * one server is started, all connect to it. It outlives whoever started it; a stale pid file, a zombie and a crash are
 * seen through. Throws `Fault` failed with the end of the server's log, or unreachable after two minutes.
 */
export async function ensureCluster(folder: string, options: ClusterOptions = {}): Promise<Cluster> {
  const place = await clusterPlace(folder);
  const password = await clusterPassword(place);
  const late = AbortSignal.timeout(patience);
  const signal = AbortSignal.any([late, ...(options.signal ? [options.signal] : [])]);
  try {
    return await reach(place, password, options, signal);
  } catch (error) {
    if (!late.aborted || options.signal?.aborted) throw error;
    throw new Fault('unreachable', `The embedded PostgreSQL was not ready after ${patience / 1000} s.`, {
      hint: `See ${place.log}`,
      cause: error,
    });
  }
}

async function reach(place: ClusterPlace, password: string, options: ClusterOptions, signal: AbortSignal) {
  let start: Start | undefined;
  for (let wait = 20; ; wait = Math.min(wait * 1.5, 500)) {
    signal.throwIfAborted();
    const running = await readPostmaster(place.data);
    if (running?.state === 'ready') {
      const cluster = clusterAt(place, running.pid, running.port, password);
      if (await answers(cluster)) {
        if (start?.child.pid === running.pid) await rememberPort(place, running.port);
        return cluster;
      }
    } else if (!running && (start === undefined || start.child.exitCode !== null || start.child.signalCode !== null)) {
      if (start) await mayTryAgain(start, place);
      start = await startServer(place, password, options, signal);
    }
    await pause(wait, undefined, { signal });
  }
}

interface Start {
  readonly child: ChildProcess;
  /** Size of the log before. */
  readonly logFrom: number;
}

async function startServer(
  place: ClusterPlace,
  password: string,
  options: ClusterOptions,
  signal: AbortSignal,
): Promise<Start> {
  const binaries = options.binaries ?? (await embeddedBinaries(place.account));
  await createCluster(place, binaries, password, signal);
  const port = await freePort(await rememberedPort(place));
  const words = ['-D', place.data, '-p', String(port), ...settingArguments({ ...serverSettings, ...options.settings })];
  const logFrom = await turnLog(place.log);
  const log = openSync(place.log, 'a', 0o600);
  try {
    // Detached: neither our end nor a Ctrl-C in our terminal is the server's end.
    const child = spawn(binaries.postgres, words, {
      ...(place.account && { uid: place.account.uid, gid: place.account.gid }),
      cwd: '/',
      env: serverEnvironment(),
      detached: true,
      stdio: ['ignore', log, log],
    });
    await once(child, 'spawn');
    child.unref();
    return { child, logFrom };
  } catch (cause) {
    throw new Fault('failed', `PostgreSQL could not be started: ${messageOf(cause)}`, { hint: glibcHint, cause });
  } finally {
    closeSync(log);
  }
}

/**
 * Looks why our server ended. Another one that was quicker, one that is not quite dead yet, a port taken meanwhile: all
 * pass, so it is tried again. Anything else is said aloud at once.
 */
async function mayTryAgain({ child, logFrom }: Start, place: ClusterPlace): Promise<void> {
  const said = (await readFile(place.log)).subarray(logFrom).toString('utf8');
  const passing = /lock file|shared memory block|could not bind|could not create any TCP\/IP sockets/.test(said);
  if (passing || child.signalCode !== null) return;
  throw new Fault('failed', `The embedded PostgreSQL did not start:\n${said.trim().split('\n').slice(-8).join('\n')}`, {
    hint: `See ${place.log}`,
  });
}

/** Does it let us in? False while it is only just coming or going. */
async function answers(cluster: Cluster): Promise<boolean> {
  const client = new pg.Client({ connectionString: cluster.url('postgres'), connectionTimeoutMillis: 5_000 });
  client.on('error', () => {}); // The query below reports it.
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch (error) {
    const state = (error as { code?: string }).code ?? '';
    if (!state.startsWith('28')) return false;
    throw new Fault(
      'unreachable',
      `The embedded PostgreSQL refuses the password of ${join(cluster.folder, 'password')}.`,
      {
        cause: error,
      },
    );
  } finally {
    await client.end();
  }
}

function clusterAt(place: ClusterPlace, pid: number, port: number, password: string): Cluster {
  const url = (database: string) =>
    `postgres://${clusterUser}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}?sslmode=disable`;
  return { folder: place.folder, dataFolder: place.data, pid, port, url };
}

/** What `engine warehouse status` tells. */
export type ClusterStatus =
  | { readonly kind: 'absent'; readonly dataFolder: string }
  | { readonly kind: 'stopped'; readonly dataFolder: string; readonly version: string }
  | {
      readonly kind: 'starting' | 'running' | 'stopping';
      readonly dataFolder: string;
      readonly version: string;
      readonly pid: number;
      readonly port: number;
    };

/** Looks at the cluster of a folder without touching it. */
export async function clusterStatus(folder: string): Promise<ClusterStatus> {
  const { data } = await clusterPlace(folder);
  const version = await readFile(join(data, 'PG_VERSION'), 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
  if (version === undefined) return { kind: 'absent', dataFolder: data };
  const running = await readPostmaster(data);
  if (!running) return { kind: 'stopped', dataFolder: data, version };
  const kind = running.state === 'ready' ? 'running' : running.state;
  return { kind, dataFolder: data, version, pid: running.pid, port: running.port };
}

/** Stops the server (fast: transactions are rolled back) and waits for its end. False when none was running. */
export async function stopCluster(
  folder: string,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<boolean> {
  const { data } = await clusterPlace(folder);
  const running = await readPostmaster(data);
  if (!running) return false;
  process.kill(running.pid, 'SIGINT');
  while (await isPostgres(running.pid, data)) await pause(20, undefined, { signal });
  return true;
}

/** A long log is put aside, once; its size otherwise. */
async function turnLog(log: string): Promise<number> {
  const size = await stat(log).then(
    (found) => found.size,
    () => 0,
  );
  if (size < 5_000_000) return size;
  await rename(log, `${log}.1`);
  return 0;
}

const portFile = (place: ClusterPlace) => join(place.folder, 'port');

const rememberedPort = (place: ClusterPlace): Promise<number> =>
  readFile(portFile(place), 'utf8').then(
    (text) => Number(text) || 0,
    () => 0,
  );

const rememberPort = (place: ClusterPlace, port: number) => writeFile(portFile(place), `${port}\n`, { mode: 0o600 });

/** The wanted port while it is free, another one otherwise. */
async function freePort(wanted: number): Promise<number> {
  for (const port of [wanted, 0]) {
    const server = createServer();
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      if (address !== null && typeof address === 'object') return address.port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    } finally {
      server.close();
    }
  }
  throw new Fault('unreachable', 'There is no free port on 127.0.0.1.');
}

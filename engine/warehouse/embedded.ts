import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { Fault } from '../fault.ts';
import { type Binaries, embeddedBinaries } from './binaries.ts';
import { clusterUser, createCluster } from './cluster-create.ts';
import { type ClusterPlace, clusterPassword, findData, logFile, makePlace } from './cluster-place.ts';
import { isPostgres, readPostmaster } from './postmaster.ts';
import { rememberPort, type ServerProcess, startServer } from './server-process.ts';
import type { ServerSettings } from './settings.ts';

/** A running server of ours on the loopback interface. */
export interface Cluster {
  readonly dataFolder: string;
  readonly pid: number;
  readonly port: number;
  /** Databases that were there when it answered. */
  readonly databases: readonly string[];
  /** Holds the password: not for logs. */
  url(database: string): string;
}

export interface ClusterOptions {
  readonly signal?: AbortSignal;
  /** Settings beside the usual ones; they count only for the one who starts the server. */
  readonly settings?: ServerSettings;
  /** Another PostgreSQL than the one from npm. */
  readonly binaries?: Binaries;
}

/** Long enough, in milliseconds, for a server to recover that was killed under load. */
const patience = 120_000;

/**
 * Makes, starts or adopts the server of a folder, and returns when it answers. Any number of processes may ask at once:
 * one server is started, all connect to it, and it outlives them. Stale pid files, zombies and crashes are seen through.
 * Throws `Fault` failed with the server's last words, or unreachable after two minutes.
 */
export async function ensureCluster(folder: string, options: ClusterOptions = {}): Promise<Cluster> {
  const place = await makePlace(folder);
  const late = AbortSignal.timeout(patience);
  const signal = options.signal ? AbortSignal.any([late, options.signal]) : late;
  try {
    return await reach(place, options, signal);
  } catch (error) {
    if (!late.aborted || error instanceof Fault || options.signal?.aborted) throw error;
    throw new Fault('unreachable', `The embedded PostgreSQL was not ready after ${patience / 1000} s.`, {
      hint: `See ${logFile(place)}`,
      cause: error,
    });
  }
}

/** Looks what runs, starts what does not, and looks again, until there is a server that lets us in. */
async function reach(place: ClusterPlace, options: ClusterOptions, signal: AbortSignal): Promise<Cluster> {
  const password = await clusterPassword(place);
  let ours: ServerProcess | undefined;
  for (let wait = 20; ; wait = Math.min(wait * 1.5, 500)) {
    signal.throwIfAborted();
    const running = await readPostmaster(place.data);
    if (running?.state === 'ready') {
      const url = urlOf(running.port, password);
      const databases = await databasesOf(url('postgres'), place);
      if (databases) {
        if (ours?.pid === running.pid) await rememberPort(place, running.port);
        return { dataFolder: place.data, pid: running.pid, port: running.port, databases, url };
      }
    } else if (!running && (ours === undefined || ours.ended())) {
      await ours?.mayTryAgain();
      const binaries = options.binaries ?? (await embeddedBinaries(place.account));
      await createCluster(place, binaries, password, signal);
      ours = await startServer(place, binaries, options.settings ?? {});
    }
    await pause(wait, undefined, { signal });
  }
}

/** Does it let us in, and what is there? Undefined while it is only just coming or going. */
async function databasesOf(connectionString: string, place: ClusterPlace): Promise<string[] | undefined> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {}); // The query below reports it.
  try {
    await client.connect();
    const { rows } = await client.query<{ datname: string }>('select datname from pg_database');
    return rows.map(({ datname }) => datname);
  } catch (cause) {
    const state = (cause as { code?: string }).code ?? '';
    if (!state.startsWith('28')) return undefined;
    const file = join(place.folder, 'password');
    throw new Fault('unreachable', `The embedded PostgreSQL refuses the password in ${file}.`, { cause });
  } finally {
    await client.end();
  }
}

function urlOf(port: number, password: string): Cluster['url'] {
  return (database) =>
    `postgres://${clusterUser}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}?sslmode=disable`;
}

/** What `engine warehouse status` tells; `version` is PostgreSQL's major version. */
export type ClusterStatus =
  | { readonly kind: 'absent' }
  | { readonly kind: 'stopped'; readonly dataFolder: string; readonly version: string }
  | {
      readonly kind: 'starting' | 'running' | 'stopping';
      readonly dataFolder: string;
      readonly version: string;
      readonly pid: number;
      readonly port: number;
    };

/** Looks at the cluster of a folder and changes nothing. */
export async function clusterStatus(folder: string): Promise<ClusterStatus> {
  const dataFolder = await findData(folder);
  const version = dataFolder && (await readFile(join(dataFolder, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (!dataFolder || !version) return { kind: 'absent' };
  const running = await readPostmaster(dataFolder);
  if (!running) return { kind: 'stopped', dataFolder, version };
  const kind = running.state === 'ready' ? 'running' : running.state;
  return { kind, dataFolder, version, pid: running.pid, port: running.port };
}

/** Stops the server (open transactions are rolled back) and waits for its end. False when none was running. */
export async function stopCluster(folder: string, options: { readonly signal?: AbortSignal } = {}): Promise<boolean> {
  const data = await findData(folder);
  const running = data && (await readPostmaster(data));
  if (!data || !running) return false;
  process.kill(running.pid, 'SIGINT');
  while (await isPostgres(running.pid, data)) await pause(20, undefined, options);
  return true;
}

import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { quoteName } from './dialect.ts';
import { greeting } from './redshift/session.ts';
import type { Server } from './server.ts';
import { faultOf } from './sql-error.ts';

/** How long a server may take to let us in. */
export const connectTimeout = 10_000;

/** One connection of our own, outside the pool, and the server process behind it. */
export interface Client extends AsyncDisposable {
  readonly connection: pg.Client;
  readonly pid: number;
}

/**
 * Opens a connection whose session is as ours all are: UTC, ISO dates, and where the server can, a
 * statement stops when its client is gone. Set by statements, because poolers and Redshift refuse such things at the start. Throws `Fault` unreachable or invalid.
 */
export async function openClient(server: Server): Promise<Client> {
  const connection = new pg.Client({
    host: server.host,
    port: server.port,
    database: server.database,
    user: server.user,
    password: server.password,
    application_name: server.applicationName ?? 'tiffin',
    ssl: server.tls,
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    connectionTimeoutMillis: connectTimeout,
  });
  connection.on('error', () => {}); // Whoever waits for an answer hears of it.
  try {
    await connection.connect();
    const pid =
      server.dialect?.name === 'redshift' ? await greetRedshift(connection, server) : await greet(connection, server);
    return { connection, pid, [Symbol.asyncDispose]: () => connection.end() };
  } catch (error) {
    await connection.end();
    throw faultOf(error);
  }
}

/** Makes a session of PostgreSQL ours; returns its process. */
async function greet(connection: pg.Client, { statementTimeout, searchPath }: Server): Promise<number> {
  const { rows } = await connection.query<{ pid: number }>(
    `select pg_backend_pid() as pid, set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO', false)`,
  );
  if (searchPath) await connection.query(`set search_path to ${searchPath.map(quoteName).join(', ')}`);
  if (statementTimeout) await connection.query(`set statement_timeout = ${Number(statementTimeout)}`);
  // Not every server can notice that its client has gone.
  await connection.query(`set client_connection_check_interval = '5s'`).catch(() => {});
  return rows[0]?.pid ?? 0;
}

async function greetRedshift(connection: pg.Client, server: Server): Promise<number> {
  await connection.query(greeting(server));
  const { rows } = await connection.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid ?? 0;
}

/**
 * From now until it is disposed: when the signal is aborted, what that server process is doing is cancelled from a second
 * connection; again and again, because a cancel that comes between two statements is void.
 */
export function cancelWhen(server: Server, pid: number, signal: AbortSignal | undefined): AsyncDisposable {
  const ended = new AbortController();
  let cancelling: Promise<void> | undefined;
  const onAbort = () => {
    cancelling = keepCancelling(server, pid, ended.signal);
  };
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  return {
    async [Symbol.asyncDispose]() {
      signal?.removeEventListener('abort', onAbort);
      ended.abort();
      // A cancel still under way must not meet the next statement of this process.
      await cancelling;
    },
  };
}

/**
 * Does work on a server process while the signal allows it. Aborted, it rejects with the signal's reason; but work that
 * ended well all the same is not denied.
 */
export async function cancellable<T>(
  server: Server,
  pid: number,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  await using _ = cancelWhen(server, pid, signal);
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** Cancels what a server process is doing, once. */
export async function cancelOnce(server: Server, pid: number): Promise<void> {
  await using client = await openClient(server);
  await client.connection.query(`select pg_cancel_backend(${Number(pid)})`);
}

async function keepCancelling(server: Server, pid: number, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    // Where no second line can be had it is tried again, as long as there is something to cancel.
    await cancelOnce(server, pid).catch(() => {});
    await pause(50, undefined, { signal: ended }).catch(() => {});
  }
}

import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import type { Queryable } from '@databases/pg';
import { Fault } from '../fault.ts';
import type { Dialect } from './dialect-port.ts';
import type { Statement } from './statement.ts';

/** A PostgreSQL server and database, and how to get in. Holds a password: not for logs. */
export interface Server {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user?: string;
  /** A function is asked for each new connection. */
  readonly password?: string | (() => Promise<string>);
  readonly applicationName?: string;
  /** In milliseconds. */
  readonly statementTimeout?: number;
  /** In milliseconds. */
  readonly idleInTransaction?: number;
  readonly searchPath?: readonly string[];
  /** False sends everything in the clear. */
  readonly tls: false | ConnectionOptions;
  /** Default: PostgreSQL's. */
  readonly dialect?: Dialect;
  /** Streams a statement's rows in a transaction, where the server has a way of its own. */
  readonly rows?: (on: Queryable, statement: Statement, signal?: AbortSignal) => AsyncIterable<never>;
}

export interface ServerOptions {
  /** Certificates to trust: PEM text, or the path of a file that holds it. */
  readonly ca?: string;
  /** What our sessions are called on the server. */
  readonly applicationName?: string;
  /** The server stops a statement that takes longer, in milliseconds. */
  readonly statementTimeout?: number;
  /** A transaction whose client says nothing for so many milliseconds is ended, and its locks are free. */
  readonly idleInTransaction?: number;
  /** Schemas in which names without one are looked for; the server's own list when not given. */
  readonly searchPath?: readonly string[];
}

/**
 * Reads a `postgres://` URL. Traffic that leaves the machine is encrypted and the server's certificate checked, unless the
 * URL says otherwise in so many words: `sslmode=disable` (trusted network), `no-verify`, `verify-ca` (not the name).
 * Throws `Fault` invalid, never quoting the URL, which holds a password.
 */
export async function readServer(url: string, options: ServerOptions = {}): Promise<Server> {
  const { server: said, mode, rootFile } = parseServer(url);
  const { applicationName, statementTimeout, idleInTransaction, searchPath } = options;
  const server = {
    ...said,
    ...(applicationName && { applicationName }),
    ...(statementTimeout && { statementTimeout }),
    ...(idleInTransaction && { idleInTransaction }),
    ...(searchPath && { searchPath }),
  };
  const ca = options.ca ?? rootFile;
  if (mode === 'disable' || (mode === undefined && ca === undefined && isLocal(server.host))) return server;
  if (mode === 'no-verify') return { ...server, tls: { rejectUnauthorized: false } };
  const trusted = ca === undefined ? {} : { ca: ca.includes('-----BEGIN') ? ca : await readCertificates(ca) };
  const anyName = mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {};
  return { ...server, tls: { rejectUnauthorized: true, ...trusted, ...anyName } };
}

const modes = ['disable', 'no-verify', 'require', 'verify-ca', 'verify-full'];

/** The URL's own part of the above; pure. */
export function parseServer(text: string): { server: Server; mode: string | undefined; rootFile: string | undefined } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new Fault('invalid', 'The database URL is not one of PostgreSQL.', { hint: shape });
  }
  const ask = (name: string) => url.searchParams.get(name) ?? undefined;
  const mode = ask('sslmode');
  if (mode !== undefined && !modes.includes(mode)) {
    throw new Fault('invalid', `sslmode=${mode} in the database URL promises nothing.`, {
      hint: `Write one of: ${modes.join(', ')}`,
    });
  }
  const host = ask('host') ?? decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1');
  const database = decodeURIComponent(url.pathname.slice(1)) || ask('dbname');
  if (!database) throw new Fault('invalid', 'The database URL names no database.', { hint: shape });
  const server: Server = {
    host: host || '127.0.0.1',
    port: Number(url.port || 5432),
    database,
    ...(url.username && { user: decodeURIComponent(url.username) }),
    ...(url.password && { password: decodeURIComponent(url.password) }),
    ...(ask('application_name') && { applicationName: ask('application_name') ?? '' }),
    tls: false,
  };
  return { server, mode, rootFile: ask('sslrootcert') };
}

const shape = 'It looks like postgres://user:password@host:5432/database?sslmode=verify-full';

/** The loopback interface or a socket file: nobody is on that line. */
export const isLocal = (host: string): boolean =>
  host.startsWith('/') || host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);

async function readCertificates(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Fault('invalid', `The certificates of the database cannot be read: ${file}`, { cause });
  }
}

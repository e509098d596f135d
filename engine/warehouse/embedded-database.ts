import { Fault } from '../fault.ts';
import type { Database, Session, Statement } from './database.ts';
import { ensureCluster } from './embedded.ts';
import { ensureDatabase } from './ensure-database.ts';
import { openPostgres, type PostgresOptions } from './postgres.ts';

/** One opening of the database: it is as good as the server process that it was opened on. */
interface Opened {
  readonly database: Database;
  readonly serverPid: number;
}

/**
 * Opens a database of a folder's embedded server, which is made and started where needed. When the server is lost while it
 * is open, what was under way fails as unreachable, and the next call finds the server started again.
 */
export async function openEmbedded(
  folder: string,
  name: string,
  options: PostgresOptions & { readonly signal?: AbortSignal } = {},
): Promise<Database> {
  let current = openOnce();
  let closed = false;
  await current;

  async function openOnce(last?: Opened): Promise<Opened> {
    const cluster = await ensureCluster(folder, options.signal && !last ? { signal: options.signal } : {});
    if (last?.serverPid === cluster.pid) return last;
    await last?.database[Symbol.asyncDispose]();
    return { database: await openPostgres(await ensureDatabase(cluster, name), options), serverPid: cluster.pid };
  }

  /** Looks after the server when what we opened on it has failed us; the first of many who notice does it for all. */
  function noticed(error: unknown, failed: Promise<Opened>): void {
    if (closed || failed !== current || !(error instanceof Fault) || error.code !== 'unreachable') return;
    current = failed.then(openOnce, () => openOnce());
    current.catch(() => {}); // Whoever calls next hears of it.
  }

  async function ask<T>(question: (database: Database) => Promise<T>): Promise<T> {
    const used = current;
    try {
      return await question((await used).database);
    } catch (error) {
      noticed(error, used);
      throw error;
    }
  }

  return {
    query: <R>(statement: Statement) => ask((database) => database.query<R>(statement)),
    async *stream<R>(statement: Statement, signal?: AbortSignal) {
      const used = current;
      try {
        yield* (await used).database.stream<R>(statement, signal);
      } catch (error) {
        noticed(error, used);
        throw error;
      }
    },
    transaction: <T>(work: (tx: Session) => Promise<T>, how = {}) => ask((database) => database.transaction(work, how)),
    run: (statement, signal) => ask((database) => database.run(statement, signal)),
    describe: (statement) => ask((database) => database.describe(statement)),
    copyIn: (table, columns, csv, signal) => ask((database) => database.copyIn(table, columns, csv, signal)),
    async [Symbol.asyncDispose]() {
      closed = true;
      const opened = await current.catch(() => undefined);
      await opened?.database[Symbol.asyncDispose]();
    },
  };
}

import { Fault } from '../fault.ts';
import type { Database, Session, Statement } from './database.ts';
import { ensureCluster } from './embedded.ts';
import { ensureDatabase } from './ensure-database.ts';
import { openPostgres, type PostgresOptions } from './postgres.ts';
import { postgresDialect } from './postgres-dialect.ts';

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
  let current: Promise<Opened> | undefined;
  let last: Opened | undefined;

  async function open(signal?: AbortSignal): Promise<Opened> {
    const cluster = await ensureCluster(folder, signal ? { signal } : {});
    if (last?.serverPid === cluster.pid) return last;
    const database = await openPostgres(await ensureDatabase(cluster, name), options);
    // What still hangs on the dead server ends by itself; nobody has to wait for it.
    if (last) close(last).catch(() => {});
    last = { database, serverPid: cluster.pid };
    return last;
  }

  function opened(signal?: AbortSignal): Promise<Opened> {
    if (current) return current;
    const opening = open(signal);
    current = opening;
    opening.catch(() => forget(opening));
    return opening;
  }

  function forget(failed: Promise<Opened>): void {
    if (current === failed) current = undefined;
  }

  /** Of all who notice that the server is lost, the first to ask again opens it for all. */
  async function ask<T>(question: (database: Database) => Promise<T>): Promise<T> {
    const used = opened();
    const { database } = await used;
    try {
      return await question(database);
    } catch (error) {
      if (isUnreachable(error)) forget(used);
      throw error;
    }
  }

  await opened(options.signal);
  return {
    dialect: postgresDialect,
    query: <R>(statement: Statement) => ask((database) => database.query<R>(statement)),
    async *stream<R>(statement: Statement, signal?: AbortSignal) {
      const used = opened();
      const { database } = await used;
      try {
        yield* database.stream<R>(statement, signal);
      } catch (error) {
        if (isUnreachable(error)) forget(used);
        throw error;
      }
    },
    transaction: <T>(work: (tx: Session) => Promise<T>, how = {}) => ask((database) => database.transaction(work, how)),
    run: (statement, signal) => ask((database) => database.run(statement, signal)),
    describe: (statement) => ask((database) => database.describe(statement)),
    copyIn: (table, columns, csv, signal) => ask((database) => database.copyIn(table, columns, csv, signal)),
    async [Symbol.asyncDispose]() {
      await current?.catch(() => {});
      if (last) await close(last);
    },
  };
}

async function close({ database }: Opened): Promise<void> {
  await database[Symbol.asyncDispose]();
}

const isUnreachable = (error: unknown): boolean => error instanceof Fault && error.code === 'unreachable';

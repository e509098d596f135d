import { type Connection, IsolationLevel, pgFormat, type Queryable, sql } from '@databases/pg';
import { cancellable, cancelWhen } from './client.ts';
import type { Session, Statement, TransactionOptions } from './database.ts';
import type { Dialect } from './dialect-port.ts';
import { postgresDialect } from './postgres-dialect.ts';
import type { Server } from './server.ts';
import { faultOf } from './sql-error.ts';

/** Rows a stream fetches at a time: at the driver's own 16 a stream takes four times as long. */
const batchSize = 5_000;

/** Performs one statement. In a list of one, because the driver splits what stands alone at its semicolons. */
export async function queryOn<R>(on: Queryable, statement: Statement): Promise<R[]> {
  try {
    const [rows = []] = await on.query([statement]);
    return rows;
  } catch (error) {
    throw faultOf(error, textOf(statement));
  }
}

/** The text of a statement as it is sent, with `$1` for its values. */
export const textOf = (statement: Statement): string => statement.format(pgFormat).text;

/** The server process behind a connection. */
export async function processOf(on: Queryable): Promise<number> {
  const [row] = await queryOn<{ readonly pid: number }>(on, sql`select pg_backend_pid() as pid`);
  return row?.pid ?? 0;
}

/** How a server is spoken to. */
export const dialectOf = (server: Server): Dialect => server.dialect ?? postgresDialect;

/** A server process and where it is, which is what cancelling takes. */
export interface Backend {
  readonly server: Server;
  readonly pid: number;
}

/**
 * Streams a statement's rows; an aborted signal cancels it on the server and throws the signal's reason. `reading` stops
 * what is read elsewhere than on this connection.
 */
export async function* streamOn<R>(
  on: Queryable,
  backend: Backend,
  statement: Statement,
  signal: AbortSignal | undefined,
  reading = signal,
): AsyncGenerator<R, void, void> {
  signal?.throwIfAborted();
  await using _ = cancelWhen(backend.server, backend.pid, signal);
  try {
    const rows = backend.server.rows?.(on, statement, reading) ?? on.queryStream(statement, { batchSize });
    for await (const row of rows) {
      signal?.throwIfAborted();
      yield row;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw faultOf(error, textOf(statement));
  }
}

/** Runs `work` in a transaction of this connection. */
export async function transact<T>(
  server: Server,
  connection: Connection,
  work: (tx: Session) => Promise<T>,
  { isolation, readOnly, signal }: TransactionOptions,
): Promise<T> {
  const pid = signal ? await processOf(connection) : 0;
  const driverOptions = {
    // Every transaction of Redshift reads one moment.
    ...(isolation === 'snapshot' &&
      dialectOf(server).name === 'postgres' && { isolationLevel: IsolationLevel.REPEATABLE_READ }),
    ...(readOnly && { readOnly }),
  };
  return await cancellable(server, pid, signal, async () => {
    let theirs = false;
    try {
      return await connection.tx(async (tx) => {
        theirs = true;
        const { session, throwIfDoomed } = sessionOn(tx, server, signal);
        const result = await work(session);
        throwIfDoomed();
        theirs = false;
        return result;
      }, driverOptions);
    } catch (error) {
      // What the work threw passes as it is; it may have failed at something else than this database.
      throw theirs ? error : faultOf(error);
    }
  });
}

/**
 * A transaction as its work sees it. The first statement that fails dooms it: PostgreSQL would answer the commit with a
 * rollback and no error, and work that caught the failure would believe its rows written.
 */
function sessionOn(tx: Queryable, server: Server, signal: AbortSignal | undefined) {
  let doom: { readonly error: unknown } | undefined;
  const doomed = (error: unknown): unknown => {
    doom ??= { error };
    return error;
  };
  const session: Session = {
    dialect: dialectOf(server),
    async query<R>(statement: Statement) {
      signal?.throwIfAborted();
      try {
        return await queryOn<R>(tx, statement);
      } catch (error) {
        throw doomed(error);
      }
    },
    async *stream<R>(statement: Statement, streamSignal?: AbortSignal) {
      signal?.throwIfAborted();
      const pid = streamSignal ? await processOf(tx) : 0;
      try {
        yield* streamOn<R>(tx, { server, pid }, statement, streamSignal, streamSignal ?? signal);
      } catch (error) {
        throw doomed(error);
      }
    },
  };
  const throwIfDoomed = (): void => {
    if (doom) throw doom.error;
  };
  return { session, throwIfDoomed };
}

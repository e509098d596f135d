import type { Readable } from 'node:stream';
import type { SQLQuery } from '@databases/pg';

export { sql } from '@databases/pg';

/** A statement made by the `sql` tag: every value is a parameter, every name goes through `sql.ident`. */
export type Statement = SQLQuery;

/**
 * A row as every adapter gives it: numeric, bigint and date as exact text (`1.50`, `9007199254740993`, `2021-12-21`),
 * timestamp as `2021-12-21 08:00:00`, timestamptz as ISO text in UTC (`2021-12-21T02:30:00Z`, six digits where there are
 * any), integers and float8 as number, boolean, json as value, null as null.
 */
export type Row = Readonly<Record<string, unknown>>;

/** Something that performs statements: a database (each on any connection) or one transaction. */
export interface Session {
  /** Performs one statement and returns its rows. Throws `Fault` failed (SQL) or unreachable (connection). */
  query<R = Row>(statement: Statement): Promise<R[]>;
}

export interface TransactionOptions {
  /** `snapshot` reads one moment throughout (REPEATABLE READ). Default: the database's own, read committed. */
  readonly isolation?: 'snapshot';
  readonly readOnly?: boolean;
}

/** The port of every database of ours: warehouse and state. */
export interface Database extends Session, AsyncDisposable {
  /**
   * Runs `work` in one transaction on one connection; commits when it returns, rolls back when it throws. Never retried
   * here: the unit of retry is the whole transaction, and only its owner knows whether it may be repeated.
   */
  transaction<T>(work: (tx: Session) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Streams a statement's rows without holding them; reading stops the statement when the loop is left. */
  stream<R = Row>(statement: Statement, signal?: AbortSignal): AsyncIterable<R>;
  /**
   * Performs one statement that may take long; an aborted signal cancels it on the server (from a second connection, by
   * pid) and rejects with the signal's reason.
   */
  run(statement: Statement, signal?: AbortSignal): Promise<{ readonly rowCount: number }>;
  /**
   * Loads CSV text (no header, comma, RFC 4180 quotes, empty unquoted = null) into the named columns of a table, in a
   * transaction of its own. Returns the number of rows. A bad row stops it: `Fault` failed, whose message names column
   * and reason and whose `place.line` is the row's number, from 1.
   */
  copyIn(
    table: { readonly schema: string; readonly name: string },
    columns: readonly string[],
    csv: Readable,
    signal?: AbortSignal,
  ): Promise<{ readonly rowCount: number }>;
}

import type { Readable } from 'node:stream';
import type { Dialect } from './dialect-port.ts';
import type { ColumnKind } from './relation.ts';
import type { Statement } from './statement.ts';

export type { ColumnKind } from './relation.ts';
export { type Statement, sql } from './statement.ts';

/**
 * A row as every adapter gives it: numeric, bigint and date as exact text (`1.50`, `9007199254740993`, `2021-12-21`),
 * timestamp as `2021-12-21 08:00:00`, timestamptz as ISO text in UTC (`2021-12-21T02:30:00Z`, six digits where there are
 * any), smaller integers and floats as number, boolean, json as value, arrays of these, null as null; what is not named
 * here as the server's own text.
 */
export type Row = Readonly<Record<string, unknown>>;

/** A column of a result, in the result's order. */
export interface ResultColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** Something that performs statements: a database (each on any connection) or one transaction. */
export interface Session {
  /** How the server behind it is spoken to, where servers differ. */
  readonly dialect: Dialect;
  /** Performs one statement and returns its rows. Throws `Fault` failed (SQL) or unreachable (connection). */
  query<R = Row>(statement: Statement): Promise<R[]>;
  /**
   * Streams a statement's rows without holding them; leaving the loop stops the statement, an aborted signal cancels it
   * on the server and throws the signal's reason. In a transaction, nothing else may be asked until the loop has ended.
   */
  stream<R = Row>(statement: Statement, signal?: AbortSignal): AsyncIterable<R>;
}

export interface TransactionOptions {
  /** `snapshot` reads one moment throughout (REPEATABLE READ). Default: read committed. */
  readonly isolation?: 'snapshot';
  readonly readOnly?: boolean;
  /** Aborted, it cancels the running statement on the server, rolls back and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The port of every database of ours: warehouse and state. */
export interface Database extends Session, AsyncDisposable {
  /**
   * Runs `work` in one transaction on one connection; commits when it returns, rolls back when it throws or when one of its
   * statements failed, be that caught or not. Never retried here: the unit of retry is the whole transaction, and only its owner knows whether it may be repeated. A `Fault`
   * unreachable may mean that the line was lost at the commit, which then has happened or not.
   */
  transaction<T>(work: (tx: Session) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * Performs one statement that may take long, on a connection of its own; an aborted signal cancels it on the server
   * (from a second connection, by pid) and rejects with the signal's reason. `rowCount`: rows written or selected.
   */
  run(statement: Statement, signal?: AbortSignal): Promise<{ readonly rowCount: number }>;
  /** The columns a statement would return, without performing it; none for a statement that returns no rows. */
  describe(statement: Statement): Promise<readonly ResultColumn[]>;
  /**
   * Loads CSV text (no header, comma, RFC 4180 quotes, empty unquoted = null) into the named columns of a table, in a
   * transaction of its own. Returns the number of rows. A bad row stops it: `Fault` failed, whose message names column
   * and reason and whose `place.line` is its line in the text, from 1.
   */
  copyIn(
    table: { readonly schema: string; readonly name: string },
    columns: readonly string[],
    csv: Readable,
    signal?: AbortSignal,
  ): Promise<{ readonly rowCount: number }>;
}

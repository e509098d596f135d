import { pgFormat } from '@databases/pg';
import { type Client, cancellable, cancelOnce, openClient } from './client.ts';
import { copyIn } from './copy.ts';
import { type Database, type Statement, sql } from './database.ts';
import { describe } from './describe.ts';
import { openPool, type Pool } from './pool.ts';
import { postgres15Dialect } from './postgres-dialect.ts';
import { readServer, type Server, type ServerOptions } from './server.ts';
import { dialectOf, processOf, queryOn, streamOn, textOf, transact } from './session.ts';
import { spareClients } from './spare-clients.ts';
import { faultOf } from './sql-error.ts';

export interface PostgresOptions extends ServerOptions {
  /** Connections for queries, transactions and streams, at most. Default 8. */
  readonly poolSize?: number;
}

/**
 * Opens a PostgreSQL (15 or later) by URL, with a pool of connections; `run`, `describe` and `copyIn` use connections of
 * their own. Throws `Fault` unreachable, or invalid where the URL is wrong, the login refused or the server too old.
 */
export async function openPostgres(url: string, options: PostgresOptions = {}): Promise<Database> {
  return openServer(await readServer(url, options), options.poolSize);
}

/** Opens a server that is known. `load` takes the place of PostgreSQL's own way to load rows. */
export async function openServer(known: Server, poolSize = 8, load?: Database['copyIn']): Promise<Database> {
  const pool = await openPool(known, poolSize);
  const old = known.dialect === undefined && pool.version < 160_000;
  const server: Server = old ? { ...known, dialect: postgres15Dialect } : known;
  const clients = spareClients(server);
  return {
    dialect: dialectOf(server),
    query: (statement) => pool.lend((connection) => queryOn(connection, statement)),
    stream: (statement, signal) => stream(server, pool, statement, signal),
    transaction: (work, how = {}) => pool.lend((connection) => transact(server, connection, work, how)),
    run: (statement, signal) => clients.lend((client) => run(server, client, statement, signal), signal),
    async describe(statement) {
      await using client = await openClient(server);
      return await describe(client.connection, textOf(statement));
    },
    copyIn: load ?? ((table, columns, csv, signal) => copyIn(server, table, columns, csv, signal)),
    async [Symbol.asyncDispose]() {
      await clients[Symbol.asyncDispose]();
      await pool[Symbol.asyncDispose]();
    },
  };
}

async function* stream<R>(server: Server, pool: Pool, statement: Statement, signal?: AbortSignal): AsyncGenerator<R> {
  const { connection, giveBack } = await pool.hold();
  let pid = 0;
  let ended = false;
  try {
    pid = await processOf(connection);
    const cursors = dialectOf(server).name === 'redshift';
    if (cursors) await queryOn(connection, sql`begin read only`);
    yield* streamOn<R>(connection, { server, pid }, statement, signal);
    if (cursors) await queryOn(connection, sql`commit`);
    ended = true;
  } finally {
    // Left early, the server is still busy with the next batch, which nobody will read.
    if (!ended && pid) await cancelOnce(server, pid).catch(() => {});
    await giveBack(ended);
  }
}

async function run(
  server: Server,
  client: Client,
  statement: Statement,
  signal?: AbortSignal,
): Promise<{ readonly rowCount: number }> {
  const { text, values } = statement.format(pgFormat);
  return await cancellable(server, client.pid, signal, async () => {
    try {
      // Extended: the server itself refuses a second statement in the text.
      const query = { text, values: [...values], queryMode: 'extended' };
      const { rowCount } = await client.connection.query(query);
      return { rowCount: rowCount ?? 0 };
    } catch (error) {
      throw faultOf(error, text);
    }
  });
}

import pools, { type Connection, type ConnectionPool, sql } from '@databases/pg';
import { Fault } from '../fault.ts';
import { connectTimeout } from './client.ts';
import { greeting } from './redshift/session.ts';
import type { Server } from './server.ts';
import { faultOf } from './sql-error.ts';
import type { Statement } from './statement.ts';
import { valueParsers } from './values.ts';

/** Connections to one server, lent out one at a time. */
export interface Pool extends AsyncDisposable {
  /** The server's version as it numbers itself, 150004; 0 of one that is no PostgreSQL. */
  readonly version: number;
  /** Lends a connection to `work`. One on which SQL failed is not lent again. */
  lend<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Lends a connection until it is given back, for work that is no function: `intact` false throws it away. */
  hold(): Promise<{ readonly connection: Connection; giveBack(intact: boolean): Promise<void> }>;
}

/** A transaction that its client has forgotten gives its locks back, after so many milliseconds. */
const idleInTransaction = 10 * 60_000;

/** Opens a pool and speaks to the server once. Throws `Fault` unreachable; invalid for a refused login or an old server. */
export async function openPool(server: Server, size: number): Promise<Pool> {
  const pool = poolOf(server, size);
  try {
    const { version, beginning } =
      server.dialect?.name === 'redshift' ? await redshiftWays(pool, server) : await ways(pool);
    return lending(pool, version, beginning);
  } catch (error) {
    await pool.dispose();
    throw faultOf(error);
  }
}

const factsQuery = sql`
  select current_setting('server_version_num')::int as version,
         current_setting('TimeZone') in ('UTC', 'Etc/UTC') and current_setting('DateStyle') like 'ISO,%' as ours`;

interface Ways {
  readonly version: number;
  /** What each use of a connection begins with, where the server's own ways are not ours. */
  readonly beginning?: Statement;
}

async function ways(pool: ConnectionPool): Promise<Ways> {
  const [facts]: { readonly version: number; readonly ours: boolean }[] = await pool.query(factsQuery);
  if (!facts || facts.version < 150_000) {
    throw new Fault('invalid', 'The database is too old: PostgreSQL 15 or later is needed.');
  }
  return { version: facts.version, ...(facts.ours ? {} : { beginning: makeOurs }) };
}

async function redshiftWays(pool: ConnectionPool, server: Server): Promise<Ways> {
  const [facts]: { readonly version: string }[] = await pool.query(sql`select version() as version`);
  if (!facts || !/Redshift/.test(facts.version)) {
    throw new Fault('invalid', 'The database is no Redshift.', { hint: 'Say type: postgres in project.yml.' });
  }
  return { version: 0, beginning: sql.__dangerous__rawValue(greeting(server)) };
}

const makeOurs = sql`select set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO', false)`;

function lending(pool: ConnectionPool, version: number, beginning?: Statement): Pool {
  const lend: Pool['lend'] = async (work) => {
    let lent = false;
    try {
      return await pool.task(async (connection) => {
        // The pool has no hook for new connections.
        if (beginning) await connection.query(beginning);
        lent = true;
        return await work(connection);
      });
    } catch (error) {
      throw lent ? error : faultOf(error);
    }
  };
  return {
    version,
    lend,
    async hold() {
      const lent = Promise.withResolvers<Connection>();
      const back = Promise.withResolvers<void>();
      const loan = lend(async (connection) => {
        lent.resolve(connection);
        await back.promise;
      });
      loan.catch(lent.reject);
      return {
        connection: await lent.promise,
        async giveBack(intact) {
          if (intact) back.resolve();
          else back.reject(new Error('not intact'));
          await loan.catch(() => {});
        },
      };
    },
    [Symbol.asyncDispose]: () => pool.dispose(),
  };
}

function poolOf(server: Server, poolSize: number): ConnectionPool {
  const redshift = server.dialect?.name === 'redshift';
  return pools.default({
    connectionString: false,
    host: server.host,
    port: server.port,
    database: server.database,
    ...(server.user !== undefined && { user: server.user }),
    // The driver below takes a function, too; the types of the pool above it do not tell.
    ...(server.password !== undefined && { password: server.password as string }),
    applicationName: server.applicationName ?? 'tiffin',
    ...(server.statementTimeout && !redshift && { statementTimeoutMilliseconds: server.statementTimeout }),
    ...(server.searchPath && { schema: [...server.searchPath] }),
    ssl: server.tls,
    bigIntMode: 'string',
    types: valueParsers,
    poolSize,
    keepAlive: true,
    keepAliveInitialDelayMilliseconds: 30_000,
    connectionTimeoutMilliseconds: connectTimeout,
    ...(!redshift && { idleInTransactionSessionTimeoutMilliseconds: server.idleInTransaction ?? idleInTransaction }),
    // A connection lost while idle is replaced; one lost in use is heard of by its user.
    onError: () => {},
  });
}

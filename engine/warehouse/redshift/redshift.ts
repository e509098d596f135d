import type { IamLogin, LoadPlace, UnloadPlace } from '../../config/config.ts';
import { Fault } from '../../fault.ts';
import type { Database } from '../database.ts';
import { openServer } from '../postgres.ts';
import { isLocal, parseServer, readServer, type Server, type ServerOptions } from '../server.ts';
import { type AwsEnvironment, openAws } from './aws.ts';
import { cursorOn } from './cursor.ts';
import { redshiftDialect } from './dialect.ts';
import { loadInto } from './load.ts';
import { askLogin, renewing } from './login.ts';
import { unloadRows } from './unload.ts';

export interface RedshiftOptions extends ServerOptions {
  /** Connections for queries, transactions and streams, at most. Default 8. */
  readonly poolSize?: number;
  /** Lets us in by IAM; else the URL holds user and password. */
  readonly iam?: IamLogin;
  /** Where rows on their way in lie for COPY; without it they are inserted, which suits some thousands. */
  readonly load?: LoadPlace;
  /** Where rows of large results lie on their way out; without it all come by cursor. */
  readonly unload?: UnloadPlace;
  /** For AWS's keys and endpoints. */
  readonly environment?: AwsEnvironment;
}

/**
 * Opens an Amazon Redshift, provisioned or serverless, by URL; the server's certificate is always checked, unless it is on
 * this very machine. Throws `Fault` unreachable or invalid, as `openPostgres`.
 */
export async function openRedshift(url: string, options: RedshiftOptions = {}): Promise<Database> {
  const { mode, server: said } = parseServer(url);
  if ((mode === 'disable' || mode === 'no-verify') && !isLocal(said.host)) {
    throw new Fault('invalid', `sslmode=${mode} is not for Redshift: its certificate is checked.`, {
      hint: 'Leave sslmode out; name other certificates than the public ones by ca:.',
    });
  }
  const { iam, load, unload, environment = {} } = options;
  const read = await readServer(url, options);
  const login = iam && renewing(() => askLogin(iam, read.database, openAws(environment, iam.region)));
  const leaving = unload && { ...unload, aws: openAws(environment, unload.region) };
  const server: Server = {
    ...read,
    dialect: redshiftDialect,
    rows: (on, statement, signal) =>
      leaving ? unloadRows(server, leaving, on, statement, signal) : cursorOn(on, statement),
    ...(login && { user: (await login()).user, password: async () => (await login()).password }),
  };
  const place = load && { ...load, aws: openAws(environment, load.region) };
  const database: Database = await openServer(server, options.poolSize, (...asked) =>
    loadInto(database, server, place, ...asked),
  );
  return database;
}

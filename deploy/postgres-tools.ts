import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

/** The environment in which PostgreSQL's own tools find a database: on their command line everybody could read its password. */
export function postgresEnvironment(url: string): Readonly<Record<string, string | undefined>> {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const settings: readonly (readonly [string, string])[] = [
    ['PGHOST', decodeURIComponent(hostname).replace(/^\[|\]$/g, '')],
    ['PGPORT', port],
    ['PGUSER', decodeURIComponent(username)],
    ['PGPASSWORD', decodeURIComponent(password)],
    ['PGDATABASE', decodeURIComponent(pathname.slice(1))],
    ['PGSSLMODE', searchParams.get('sslmode') ?? ''],
  ];
  return { ...process.env, ...Object.fromEntries(settings.filter(([, value]) => value)) };
}

/** The state database's URL. Throws where there is none. */
export function stateUrl(): string {
  const url = process.env['STATE_URL'];
  if (url) return url;
  throw new Error('STATE_URL is not set: see /etc/tiffin/environment');
}

/** The schemas in which Tiffin remembers what ran and what was sent, as PostgreSQL writes their names. */
export async function stateSchemas(env: Readonly<Record<string, string | undefined>>): Promise<string[]> {
  const named = `select quote_ident(nspname) from pg_namespace where nspname ~ '^(delivery|engine)_' order by 1`;
  const told = await promisify(execFile)('psql', ['--no-psqlrc', '-At', '-c', named], { env });
  return told.stdout.split('\n').filter(Boolean);
}

/** Runs a program to its end; what it says goes to our standard error. Throws when it fails. */
export async function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> {
  const child = spawn(command, args, { env, stdio: ['ignore', 2, 2] });
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
}

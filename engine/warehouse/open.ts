import { join } from 'node:path';
import type { IamLogin, LoadPlace, UnloadPlace } from '../config/config.ts';
import type { Database } from './database.ts';
import { openEmbedded } from './embedded-database.ts';
import { openPostgres } from './postgres.ts';
import type { AwsEnvironment } from './redshift/aws.ts';
import { openRedshift } from './redshift/redshift.ts';

/** Where models are built: the server that npm brings along, or one by URL. Plain values, secrets already read. */
export type Target =
  | (TargetWays & { readonly type: 'embedded'; readonly database?: string })
  | (TargetWays & { readonly type: 'postgres'; readonly url: string; readonly ca?: string })
  | {
      readonly type: 'redshift';
      readonly url: string;
      readonly ca?: string;
      readonly statementTimeout?: number;
      readonly iam?: IamLogin;
      readonly load?: LoadPlace;
      readonly unload?: UnloadPlace;
      readonly environment: AwsEnvironment;
    };

interface TargetWays {
  /** In milliseconds. */
  readonly statementTimeout?: number;
  readonly searchPath?: readonly string[];
}

/** The folder of a project's embedded server. */
export const clusterFolder = (root: string): string => join(root, 'var', 'postgres');

export interface OpenOptions {
  /** The project's root folder, under which the embedded server has its data. */
  readonly root: string;
  /** Gives up waiting for the embedded server to start. */
  readonly signal?: AbortSignal;
  /** Connections for queries, transactions and streams, at most. Default 8. */
  readonly poolSize?: number;
  /** What our sessions are called on the server. */
  readonly applicationName?: string;
  /** Milliseconds after which a transaction whose client says nothing is ended. Default ten minutes. */
  readonly idleInTransaction?: number;
}

/** A process that was stopped (not ended) in the middle of a transaction keeps others from the state for so many milliseconds. */
const stateLocks = 30_000;

/**
 * Opens the warehouse of a target; the embedded server is made and started when it is not running. Throws `Fault`
 * unreachable, or invalid where URL or login are wrong.
 */
export async function openTarget(target: Target, { root, ...given }: OpenOptions): Promise<Database> {
  const { statementTimeout } = target;
  const searchPath = target.type === 'redshift' ? undefined : target.searchPath;
  const options = { ...given, ...(statementTimeout && { statementTimeout }), ...(searchPath && { searchPath }) };
  if (target.type === 'embedded') return openEmbedded(clusterFolder(root), target.database ?? 'warehouse', options);
  if (target.type === 'redshift') return openRedshift(target.url, { ...options, ...target });
  return openPostgres(target.url, target.ca === undefined ? options : { ...options, ca: target.ca });
}

/** Opens the database of runs, slots and messages: by URL, or the database `state` of the embedded server. */
export function openState(
  root: string,
  url: string | undefined,
  options: Omit<OpenOptions, 'root'> = {},
): Promise<Database> {
  const target: Target = url === undefined ? { type: 'embedded', database: 'state' } : { type: 'postgres', url };
  return openTarget(target, { root, idleInTransaction: stateLocks, ...options });
}

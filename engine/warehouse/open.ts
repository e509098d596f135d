import { join } from 'node:path';
import type { Database } from './database.ts';
import { ensureCluster } from './embedded.ts';
import { ensureDatabase } from './ensure-database.ts';
import { openPostgres } from './postgres.ts';

/** Where models are built: the server that npm brings along, or one by URL. Plain values, secrets already read. */
export type Target =
  | { readonly type: 'embedded'; readonly database?: string }
  | { readonly type: 'postgres'; readonly url: string; readonly ca?: string };

/** The folder of a project's embedded server. */
export const clusterFolder = (root: string): string => join(root, 'var', 'postgres');

export interface OpenOptions {
  /** The project's root folder, under which the embedded server has its data. */
  readonly root: string;
  readonly signal?: AbortSignal;
  /** Connections for queries, transactions and streams, at most. */
  readonly poolSize?: number;
}

/** Opens the warehouse of a target; the embedded server is started when it is not running. */
export async function openTarget(target: Target, { root, signal, poolSize }: OpenOptions): Promise<Database> {
  const options = poolSize === undefined ? {} : { poolSize };
  if (target.type === 'postgres') {
    return openPostgres(target.url, target.ca === undefined ? options : { ...options, ca: target.ca });
  }
  const cluster = await ensureCluster(clusterFolder(root), signal ? { signal } : {});
  return openPostgres(await ensureDatabase(cluster, target.database ?? 'warehouse'), options);
}

/** Opens the database of runs, slots and messages: by URL, or `state` of the embedded server. */
export function openState(root: string, url: string | undefined, signal?: AbortSignal): Promise<Database> {
  const target: Target = url === undefined ? { type: 'embedded', database: 'state' } : { type: 'postgres', url };
  return openTarget(target, { root, ...(signal && { signal }) });
}

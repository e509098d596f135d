import type { Config } from '../config/config.ts';
import { prepareLocal } from '../local/library.ts';
import type { Database } from '../warehouse/database.ts';
import { type OpenOptions, openTarget } from '../warehouse/open.ts';
import { rewritesFor } from './local-models.ts';

/** Opens the warehouse of a project's target, with the functions that the project's dialect needs there. */
export async function openProjectTarget(config: Config, options: Omit<OpenOptions, 'root'> = {}): Promise<Database> {
  const database = await openTarget(config.target, { root: config.root, ...options });
  try {
    if (rewritesFor(config)) await prepareLocal(database);
    return database;
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
}

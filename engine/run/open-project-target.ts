import type { Config } from '../config/config.ts';
import { prepareLocal } from '../local/library.ts';
import type { Database } from '../warehouse/database.ts';
import { type OpenOptions, openTarget } from '../warehouse/open.ts';

/** Opens the warehouse of a project's target, with the functions that the project's dialect needs there. */
export async function openProjectTarget(
  { root, target, dialect }: Config,
  options: Omit<OpenOptions, 'root'> = {},
): Promise<Database> {
  const database = await openTarget(target, { root, ...options });
  try {
    if (dialect === 'redshift') await prepareLocal(database);
    return database;
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
}

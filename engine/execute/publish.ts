import type { Build, Load } from '../plan/record.ts';
import type { Database, Session } from '../warehouse/database.ts';
import type { Patience } from './patience.ts';
import type { Recorder } from './port.ts';
import { isStageLost } from './stage.ts';

export interface PublishTools {
  readonly database: Database;
  readonly recorder: Recorder;
  readonly patience: Patience;
  readonly signal: AbortSignal;
}

/** What one publishing transaction has recorded. */
export interface Published {
  readonly builds: readonly Build[];
  readonly loads: readonly Load[];
}

/**
 * Performs one publishing transaction: `lock` first of all, then `work`, which ends with the record. When the line is lost
 * at the commit, nobody knows whether it happened: so whoever tries again looks, behind the lock that the lost transaction
 * held to its end, whether its id is recorded, and does the work only when it is not.
 */
export async function publish(
  id: string,
  { database, recorder, patience, signal }: PublishTools,
  lock: (tx: Session) => Promise<void>,
  work: (tx: Session) => Promise<Published>,
): Promise<Published> {
  for (let again = false; ; again = true) {
    try {
      return await database.transaction(
        async (tx) => {
          await lock(tx);
          const done = again ? await recorder.find(tx, id) : undefined;
          return done && done.builds.length + done.loads.length > 0 ? done : await work(tx);
        },
        { signal },
      );
    } catch (error) {
      signal.throwIfAborted();
      if (isStageLost(error)) throw error;
      await patience.retry(error);
    }
  }
}

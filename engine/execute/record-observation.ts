import { loadsOf } from '../plan/loaded.ts';
import type { Recorded } from '../plan/record.ts';
import type { Observation } from '../plan/step.ts';
import type { Database } from '../warehouse/database.ts';
import type { Outcome } from './outcome.ts';
import type { Recorder } from './port.ts';
import { lockName } from './replace.ts';
import { newId, relationName } from './stage.ts';

export interface ObservationTools {
  readonly database: Database;
  readonly recorder: Recorder;
  /** Of the record. */
  readonly schema: string;
  readonly runId: string;
}

/**
 * Records what planning saw of a table that others load. What has changed since will differ from this record, and be seen
 * the next time.
 */
export async function recordObservation(
  seen: Observation,
  recorded: Recorded,
  { database, recorder, schema, runId }: ObservationTools,
): Promise<Outcome> {
  const id = newId();
  const loads = await database.transaction(async (tx) => {
    await lockName(tx, relationName(seen.source), schema);
    const next = await recorder.fence(tx, seen.source, recorded.sequence(seen.source));
    const all = loadsOf(seen, id, next);
    for (const [index, load] of all.entries()) {
      await recorder.addLoad(tx, { ...load, rows: seen.windows[index]?.rows ?? 0, runId }, load.sequence);
    }
    return all;
  });
  const rows = seen.windows.reduce((sum, window) => sum + window.rows, 0);
  return { kind: 'built', rows, unchanged: false, builds: [], loads, warnings: [] };
}

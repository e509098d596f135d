import { expect, test } from 'vitest';
import { sql } from '../warehouse/database.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { openScheduleStore } from './store.ts';
import { liveThroughYear, twoHundredDags } from './test-virtual-year.ts';
import type { TickState } from './tick.ts';

test('a virtual year of 200 dags on the state database, the leader killed 50 times: each tick once', {
  timeout: 300_000,
}, async () => {
  await using fresh = await testDatabase();
  const { database } = fresh;
  const year = await liveThroughYear({
    store: await openScheduleStore(database, 'local'),
    timetable: twoHundredDags(['30 2 * * 0', '0 0 1 * *', '0 6 15 * *', '30 2 1,15 * *', '0 12 1 */3 *']),
    setNow() {},
    // The lease runs on the database's own clock: asking again is all the waiting there is.
    runOut: async () => void (await database.query(sql`select pg_sleep(0.005)`)),
    ttl: 20,
    kills: 50,
    seed: 2,
    ticks: async () => {
      const rows = await database.query<{ dag: string; at: string; state: TickState }>(
        sql`select dag, extract(epoch from at)::bigint * 1000 as at, state from engine_local.ticks`,
      );
      return rows.map((row) => ({ ...row, at: Number(row.at) }));
    },
  });
  expect(year.kills).toBe(50);
  expect(year.repeated).toBeGreaterThan(0);
});

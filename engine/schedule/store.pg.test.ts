import { afterEach, expect, test, vi } from 'vitest';
import { sql } from '../warehouse/database.ts';
import { type TestDatabase, testDatabase } from '../warehouse/test-database.ts';
import { openScheduleStore } from './store.ts';
import { storeContract } from './store-contract.ts';

const opened: TestDatabase[] = [];
const fresh = async () => {
  const one = await testDatabase();
  opened.push(one);
  return one.database;
};
afterEach(async () => {
  for (const one of opened.splice(0)) await one[Symbol.asyncDispose]();
});

storeContract(async () => {
  const database = await fresh();
  const expired = sql`select 1 from engine_local.scheduler_lease where until <= clock_timestamp()`;
  return {
    store: await openScheduleStore(database, 'local'),
    runOut: () => vi.waitFor(async () => expect(await database.query(expired)).toHaveLength(1), { interval: 5 }),
  };
});

test('of many that come at once, the first time ever, one leads', async () => {
  const database = await fresh();
  const stores = await Promise.all([1, 2, 3, 4].map(() => openScheduleStore(database, 'local')));
  const leases = await Promise.all(stores.map((store, index) => store.acquire(`${index}`, 60_000)));
  expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
});

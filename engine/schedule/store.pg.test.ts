import { afterEach, expect, test, vi } from 'vitest';
import { sql } from '../warehouse/database.ts';
import { type TestDatabase, testDatabase } from '../warehouse/test-database.ts';
import { openOutbox } from './outbox.ts';
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

test('another process finds the notices that it is to send, before there ever was a scheduler too', async () => {
  const database = await fresh();
  const outbox = await openOutbox(database, 'local');
  expect(await outbox.unsent('email:', Date.now(), 10)).toEqual([]);
  const store = await openScheduleStore(database, 'local');
  const lease = await store.acquire('one', 60_000);
  const tick = { dag: 'daily', at: 0 };
  if (!lease) throw new Error('nobody else is there');
  await store.cursors(lease, new Map([['daily', 0]]));
  await store.record(lease, [{ dag: 'daily', until: 0, due: [0] }]);
  const notices = ['email:data-team', 'webhook:env:X'].map((to) => ({
    ...tick,
    key: to,
    kind: 'late' as const,
    to,
    message: 'm',
  }));
  await store.apply(lease, [{ kind: 'late', tick, notices }]);
  const [notice, ...more] = await outbox.unsent('email:', Date.now(), 10);
  expect([notice, more]).toMatchObject([{ to: 'email:data-team', message: 'm' }, []]);
  await outbox.noteSent(notice?.id ?? '', { kind: 'sent' });
  expect(await outbox.unsent('email:', Date.now(), 10)).toEqual([]);
});

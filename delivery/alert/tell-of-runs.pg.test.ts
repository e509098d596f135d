import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openOutbox, sql } from '#engine';
import { openScheduleStore } from '../../engine/schedule/store.ts';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import type { Lanes } from '../edition/lane.ts';
import { openFolderStore } from '../files/folder.ts';
import { openLedger } from '../ledger/ledger.ts';
import { ownersReport } from '../ledger/troubles.ts';
import { tellOfRuns } from './tell-of-runs.ts';

let state: TestDatabase;
let root: string;
beforeEach(async () => {
  state = await testDatabase();
  root = await mkdtemp(join(tmpdir(), 'tiffin-alert-'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
  await state[Symbol.asyncDispose]();
});

const lanes: Lanes = new Map([['email', { name: 'email', address: 'email', split: 'whole' }]]);
const lists = new Map([
  [
    'data-team',
    [{ id: 'asha', email: 'asha@example.com' }, { id: 'ravi', email: 'ravi@example.com' }, { id: 'nobody' }],
  ],
]);

/** What the engine's scheduler writes when a tick fails. */
async function failTick(owners: readonly string[]): Promise<void> {
  const store = await openScheduleStore(state.database, 'local');
  const lease = await store.acquire('one', 60_000);
  if (lease === undefined) throw new Error('nobody else is there');
  const tick = { dag: 'daily', at: 0 };
  await store.cursors(lease, new Map([['daily', 0]]));
  await store.record(lease, [{ dag: 'daily', until: 0, due: [0] }]);
  await store.apply(lease, [{ kind: 'start', tick }]);
  const notices = owners.map((to) => ({
    ...tick,
    key: `failed daily 1970-01-01T00:00:00Z ${to}`,
    kind: 'failed' as const,
    to,
    message: 'daily 1970-01-01T00:00:00Z failed: kpi.store_daily: division by zero',
  }));
  await store.apply(lease, [{ kind: 'settle', tick, state: 'failed', notices }]);
}

test('a failed run is told to its owners once, killed or not between raising and noting', async () => {
  await failTick(['email:boss@example.com', 'email:data-team', 'email:nobody-knows', 'webhook:env:X']);
  const ledger = await openLedger(state.database, 'local');
  const outbox = await openOutbox(state.database, 'local');
  const tools = { ...ledger, files: openFolderStore(root, 'files') };
  const killed = { ...outbox, noteSent: () => Promise.reject(new Error('killed')) };
  await expect(tellOfRuns(tools, killed, { lanes, lists }, new Date())).rejects.toThrow('killed');
  const told = await tellOfRuns(tools, outbox, { lanes, lists }, new Date());
  expect(told).toEqual(['engine/failed daily 1970-01-01T00:00:00Z email:data-team']);
  expect(await tellOfRuns(tools, outbox, { lanes, lists }, new Date())).toEqual([]);

  const sent = await state.database.query<{ address: string; slot: string; subject: string }>(sql`
    select p.address, s.slot, m.content ->> 'subject' as subject
    from delivery_local.parts p join delivery_local.messages m on m.id = p.message_id
    join delivery_local.slots s on s.id = m.slot_id where s.report = ${ownersReport} order by p.id`);
  expect(sent.map(({ address, subject }) => `${address} ${subject}`)).toEqual([
    'boss@example.com daily failed',
    'asha@example.com daily failed',
    'ravi@example.com daily failed',
  ]);
  // The trail names notices; it names no address.
  expect(sent.map(({ slot }) => slot).join()).not.toContain('example.com');
  // Whom nobody knows may be entered later.
  const later = await outbox.unsent('email:', Date.now() + 2 * 3_600_000, 10);
  expect(later.map(({ to }) => to)).toEqual(['email:nobody-knows']);
});

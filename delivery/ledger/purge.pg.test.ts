import { afterEach, beforeEach, expect, test } from 'vitest';
import { sql } from '#engine';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { claimOne, type TestLedger, testLedger, testMessage, testSlot } from './test-ledger.ts';

let state: TestDatabase;
let one: TestLedger;
beforeEach(async () => {
  state = await testDatabase();
  one = await testLedger(state.database);
});
afterEach(() => state[Symbol.asyncDispose]());

const soon = () => new Date(Date.now() + 60_000);

async function sendAll(slot: string): Promise<void> {
  const { sending } = one.ledger;
  for (;;) {
    const claimed = await claimOne(one.ledger, 'email', slot);
    if (claimed === undefined) return;
    await sending.settle(claimed.attempt, { kind: 'sent', providerId: 'x' });
  }
}

test('what has ended becomes a tombstone that still keeps it from being sent again', async () => {
  const { ledger } = one;
  const slot = await one.sealed(testSlot('2021-12-21'), ['asha', 'ravi']);
  const file = {
    format: 'pdf' as const,
    name: 'a.pdf',
    mediaType: 'application/pdf',
    sha256: 'a'.repeat(64),
    bytes: 1,
  };
  await ledger.editions.addFile(slot, 'whole', file);
  const waiting = await one.sealed(testSlot('2021-12-22'), ['asha']);
  await ledger.editions.addFile(waiting, 'whole', { ...file, sha256: 'b'.repeat(64) });
  await sendAll(slot);
  expect(await ledger.purge.one(new Date(0))).toBeUndefined();
  expect(await ledger.purge.count(soon())).toBe(1);
  // The frozen content is the other slot's, too, and stays.
  expect(await ledger.purge.one(soon())).toEqual({
    report: 'daily_sales',
    slot: '2021-12-21',
    files: ['a'.repeat(64)],
  });
  expect(await ledger.purge.one(soon())).toBeUndefined();

  const [left] = await state.database.query<{ text: string }>(sql`
    select concat(
      (select json_agg(m) from delivery_test.messages m where slot_id = ${slot}::bigint),
      (select json_agg(p) from delivery_test.parts p join delivery_test.messages m on m.id = p.message_id where m.slot_id = ${slot}::bigint),
      (select json_agg(e) from delivery_test.events e where slot = '2021-12-21')
    ) as text`);
  expect(left?.text).not.toMatch(/asha|ravi|example\.com|hello/i);
  expect((await ledger.messages.list(slot)).map(({ state: one, recipient }) => `${one} ${recipient}`)).toEqual(
    Array(2).fill('sent (purged)'),
  );
  // The same message is still known by its key.
  expect(await ledger.messages.add(slot, [testMessage(ledger.secret, '2021-12-21', 'asha')])).toBe(0);
  expect((await ledger.messages.list(waiting)).map(({ recipient }) => recipient)).toEqual(['asha']);
});

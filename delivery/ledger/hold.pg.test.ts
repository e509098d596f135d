import { afterEach, beforeEach, expect, test } from 'vitest';
import { sql } from '#engine';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { openLedger } from './ledger.ts';
import { claimOne, type TestLedger, testLedger, testSlot } from './test-ledger.ts';

let state: TestDatabase;
let one: TestLedger;
beforeEach(async () => {
  state = await testDatabase();
  one = await testLedger(state.database);
});
afterEach(() => state[Symbol.asyncDispose]());

const claim = (slot: string) => claimOne(one.ledger, 'email', slot);

test('while the ledger is held nobody gets anything to send', async () => {
  const slot = await one.sealed(testSlot('2021-12-21'), ['a', 'b']);
  await one.ledger.hold.hold('the mail server moves');
  await one.ledger.hold.hold('something else');
  expect(await one.ledger.hold.held()).toMatchObject({ reason: 'the mail server moves' });
  expect(await claim(slot)).toBeUndefined();
  expect(await one.ledger.ready(['email'])).toEqual([]);
  await one.ledger.hold.release();
  expect(await one.ledger.ready(['email'])).toEqual(['email']);
  expect(await claim(slot)).toBeDefined();
});

test('a schema made anew is held when it is next opened, and keeps its secret', async () => {
  expect(await (await openLedger(state.database, 'test')).hold.held()).toBeUndefined();
  await one.ledger.hold.hold('the mail server moves');
  expect(await one.ledger.hold.held()).toMatchObject({ restored: false });
  // What pg_restore does: the same tables in a schema with another number.
  await state.database.query(sql`alter schema delivery_test rename to was`);
  await state.database.query(sql`create schema delivery_test`);
  for (const table of ['settings', 'migrations', 'slots', 'messages', 'parts', 'lanes', 'attempts', 'events']) {
    await state.database.query(sql`alter table ${sql.ident('was', table)} set schema delivery_test`);
  }
  const back = await openLedger(state.database, 'test');
  expect(await back.hold.held()).toMatchObject({
    reason: 'the ledger was brought back from a backup or moved',
    restored: true,
  });
  expect(back.secret).toBe(one.ledger.secret);
  await back.hold.release();
  expect(await (await openLedger(state.database, 'test')).hold.held()).toBeUndefined();
});

test('what waited before an instant may have gone: it is held and its slots are skipped', async () => {
  const { ledger } = one;
  const slot = await one.sealed(testSlot('2021-12-21'), ['a', 'b']);
  await ledger.slots.open(testSlot('2021-12-22'), { asked: false, resend: 0 });
  const doubted = await ledger.hold.doubt(new Date(Date.now() + 60_000), 'who knows');
  expect(doubted).toEqual({ parts: 2, slots: 1 });
  expect((await ledger.messages.list(slot)).map(({ state: one }) => one)).toEqual(['held', 'held']);
  expect(await ledger.slots.unsealed()).toEqual([]);
  expect(await claim(slot)).toBeUndefined();
  const [first] = await ledger.messages.list(slot);
  expect(await ledger.unclear.settleByHand(first?.id ?? '', false)).toBe(1);
  expect(await claim(slot)).toBeDefined();
});

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { collectReceipts } from '../confirm/collect.ts';
import type { Claim } from '../send/send-ledger.ts';
import { claimOne, type TestLedger, testLedger, testSlot } from './test-ledger.ts';
import { ownersReport } from './troubles.ts';

let state: TestDatabase;
let one: TestLedger;
let day = 0;
let slotId = '';
let person = '';
beforeAll(async () => {
  state = await testDatabase();
  one = await testLedger(state.database);
});
afterAll(() => state[Symbol.asyncDispose]());
beforeEach(async () => {
  day += 1;
  person = `Asha-${day}`;
  slotId = await one.sealed(testSlot(`slot-${day}`), [person]);
});

async function send(id = slotId): Promise<Claim> {
  const claim = await claimOne(one.ledger, 'email', id);
  if (claim === undefined) throw new Error('nothing to claim');
  await one.ledger.sending.settle(claim.attempt, { kind: 'sent', providerId: claim.part.reference });
  return claim;
}
const bounce = (reference: string, address?: string, minute = 0) =>
  one.ledger.receipts.record('email', [
    {
      of: { reference },
      kind: 'undelivered',
      at: new Date(Date.UTC(2021, 11, 22, 3, minute)),
      reason: 'bounced: 5.1.1',
      suppress: true,
      ...(address === undefined ? {} : { address }),
    },
  ]);
const messages = () => one.ledger.messages.list(slotId);
const stand = async () => (await messages()).map((message) => message.state);
const next = (report = 'daily_sales') =>
  one.sealed({ ...testSlot(`next-${day}`), report }, [person]).then((id) => claimOne(one.ledger, 'email', id));

test('a bounce fails its part, and nobody is written to at that address any more, however it is spelt', async () => {
  const { part } = await send();
  expect(await bounce(part.reference, part.address.toUpperCase())).toBe(1);
  expect(await bounce(part.reference, part.address.toUpperCase())).toBe(0);
  expect(await stand()).toEqual(['failed']);
  expect((await one.ledger.suppressed('email', [part.address], 'any')).get(part.address)).toBe('bounced: 5.1.1');
  expect(await next('weekly_sales')).toBeUndefined();
});

test('a mail that somebody forwards, and that fails there, gives up nobody', async () => {
  const { part } = await send();
  await bounce(part.reference, 'elsewhere@example.org');
  expect(await stand()).toEqual(['failed']);
  expect((await next())?.part.address).toBe(part.address);
});

test('tried again, a mail that bounced is another mail, to the same address, and a late bounce of the first leaves it alone', async () => {
  const first = await send();
  await bounce(first.part.reference);
  expect(await one.ledger.byHand.retry((await messages()).map(({ id }) => id))).toBe(1);
  const second = await send();
  expect(second.part).toMatchObject({ id: first.part.id, address: first.part.address });
  expect(second.part.key).not.toBe(first.part.key);
  expect(second.part.reference).not.toBe(first.part.reference);
  await bounce(first.part.reference, undefined, 1);
  expect(await stand()).toEqual(['sent']);
  // It may bounce, and be tried, as often as somebody asks.
  await bounce(second.part.reference, undefined, 2);
  expect(await stand()).toEqual(['failed']);
  await one.ledger.byHand.retry((await messages()).map(({ id }) => id));
  const third = await send();
  expect(new Set([first, second, third].map(({ part }) => part.reference)).size).toBe(3);
});

test('tried again, a mail that was refused keeps its name: no server has it', async () => {
  const claim = await claimOne(one.ledger, 'email', slotId);
  if (claim === undefined) throw new Error('nothing to claim');
  await one.ledger.sending.settle(claim.attempt, { kind: 'failed', reason: 'full', suppress: false });
  await one.ledger.byHand.retry((await messages()).map(({ id }) => id));
  expect((await send()).part.key).toBe(claim.part.key);
});

test('tried again, an address that was given up by the refusal is written to once more; a wish of its owner stays', async () => {
  const refused = async () => {
    const claim = await claimOne(one.ledger, 'email', slotId);
    if (claim === undefined) throw new Error('nothing to claim');
    await one.ledger.sending.settle(claim.attempt, {
      kind: 'failed',
      reason: '550 5.1.1 no such user',
      suppress: true,
    });
    return claim.part;
  };
  const { address } = await refused();
  expect(await one.ledger.suppressed('email', [address], 'daily_sales')).toHaveProperty('size', 1);
  await one.ledger.byHand.retry((await messages()).map(({ id }) => id));
  await refused();
  await one.ledger.suppressions.remove({ lane: 'email', address, report: undefined });
  await one.ledger.suppressions.add({ lane: 'email', address, report: undefined }, 'asked by telephone');
  await one.ledger.byHand.retry((await messages()).map(({ id }) => id));
  expect(await claimOne(one.ledger, 'email', slotId)).toBeUndefined();
});

test('one click ends the report it came with, also in a mail that was sent again since, and no other', async () => {
  const { part } = await send();
  await bounce(part.reference);
  await one.ledger.byHand.retry((await messages()).map(({ id }) => id));
  expect(await one.ledger.unsubscribe(part.reference)).toBe(true);
  expect(await one.ledger.unsubscribe('000000000000')).toBe(false);
  expect(await next('weekly_sales')).toMatchObject({ part: { address: part.address } });
  expect(await next()).toBeUndefined();
  // Trying it again by hand does not undo a person's wish.
  await one.ledger.byHand.retry((await messages()).map(({ id }) => id));
  expect(await claimOne(one.ledger, 'email', slotId)).toBeUndefined();
});

test('owners hear of trouble whatever bounced', async () => {
  const { part } = await send();
  await bounce(part.reference);
  expect(await next(ownersReport)).toMatchObject({ part: { address: part.address } });
});

test('a mailbox is read from where it was left; killed in between it is read again, and counts once', async () => {
  const { part } = await send();
  const read: (string | undefined)[] = [];
  const receipt = { of: { reference: part.reference }, kind: 'undelivered', at: new Date(0) } as const;
  const channel = {
    async collect(cursor: string | undefined) {
      read.push(cursor);
      const last = cursor === '1' || cursor === '2';
      return { receipts: last ? [] : [receipt], cursor: last ? '2' : '1', more: !last };
    },
  };
  const ledger = { ...one.ledger.receipts, keepCursor: () => Promise.reject(new Error('killed')) };
  const never = new AbortController().signal;
  const lane = `mail-${day}`;
  await expect(collectReceipts(ledger, channel, lane, never)).rejects.toThrow('killed');
  expect(await collectReceipts(one.ledger.receipts, channel, lane, never)).toBe(0);
  expect(await collectReceipts(one.ledger.receipts, channel, lane, never)).toBe(0);
  expect(read).toEqual([undefined, undefined, '1', '2']);
});

test('what bounced is told as such, not as refused', async () => {
  const { part } = await send();
  await bounce(part.reference);
  const told = await one.ledger.troublesSince(new Date(Date.now() - 60_000));
  expect(told).toContainEqual(expect.objectContaining({ state: 'bounced', slot: `slot-${day}`, count: 1 }));
});

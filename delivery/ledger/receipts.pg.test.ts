import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from '#engine';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import type { Rung } from '../edition/plan-messages.ts';
import type { Channel, Receipt, SendOutcome } from '../send/channel.ts';
import { defaultLeases, sendLane } from '../send/send-lane.ts';
import { claimOne, type TestLedger, testLedger, testSlot } from './test-ledger.ts';

let state: TestDatabase;
let one: TestLedger;
let day = 0;
let slotId: string;
let person: string;
const ladder: readonly Rung[] = [
  { lane: 'chat', address: '+91', split: 'whole' },
  { lane: 'email', address: 'mail', split: 'whole' },
];
beforeAll(async () => {
  state = await testDatabase();
  one = await testLedger(state.database);
});
afterAll(() => state[Symbol.asyncDispose]());
beforeEach(async () => {
  day += 1;
  person = `p${day}`;
  slotId = await one.sealed(testSlot(`slot-${day}`), [person], ladder);
});

/** A provider of this test's own: it answers as it is told, and what it says besides comes from `during`. */
async function send(lane: string, answer: SendOutcome | 'throws', during: () => Promise<unknown> = async () => {}) {
  const channel: Pick<Channel, 'send'> = {
    async send() {
      await during();
      if (answer === 'throws') throw new Error('the line was cut');
      return answer;
    },
  };
  const tools = { ledger: one.ledger.sending, channel, log: { warn: () => {} }, leases: defaultLeases };
  const work = { lane, owner: 'me', parallel: 1, slotId };
  return sendLane({ ...tools, now: () => new Date() }, work, new AbortController().signal);
}
const accepted = (providerId: string): SendOutcome => ({ kind: 'accepted', providerId });
const told = (providerId: string, kind: Receipt['kind'], minute = 0, more: Partial<Receipt> = {}): Receipt => {
  return { of: { providerId }, kind, at: new Date(Date.UTC(2021, 11, 22, 3, minute)), ...more };
};
const record = (...receipts: Receipt[]) => one.ledger.receipts.record('chat', receipts);
const stand = async () => (await one.ledger.messages.list(slotId)).map((m) => `${m.channel} ${m.state}`);

test('delivered and read, late, repeated and out of order, end at read', async () => {
  await send('chat', accepted(`w${day}`));
  expect(await record(told(`w${day}`, 'delivered', 1), told(`w${day}`, 'delivered', 1))).toBe(1);
  expect(await stand()).toEqual(['chat delivered']);
  expect(await record(told(`w${day}`, 'read', 2), told(`w${day}`, 'delivered', 3))).toBe(2);
  expect(await stand()).toEqual(['chat read']);
  await send('email', accepted('m'));
  expect(await stand()).toEqual(['chat read']);
});

test('a receipt that comes before our own settling waits for it and then counts', async () => {
  await send('chat', accepted(`w${day}`), () => record(told(`w${day}`, 'delivered')));
  expect(await stand()).toEqual(['chat delivered']);
  const [part] = (await one.ledger.messages.list(slotId)).flatMap(({ parts }) => parts);
  const [row] = await state.database.query(sql`
    select part_id from delivery_test.receipts where provider_id = ${`w${day}`}`);
  expect(row).toEqual({ part_id: part?.id });
});

test('a ladder goes on when a provider says that it did not arrive, once, however often it says so', async () => {
  await send('chat', accepted(`w${day}`));
  expect(await stand()).toEqual(['chat sent']);
  await record(told(`w${day}`, 'undelivered', 1, { reason: 'not on this network' }), told(`w${day}`, 'undelivered', 2));
  expect(await stand()).toEqual(['email queued']);
  await send('email', accepted('m'));
  expect(await stand()).toEqual(['email sent']);
  await record(told(`w${day}`, 'delivered', 3));
  expect(await stand()).toEqual(['email sent']);
});

test('a ladder stays where it arrived, and where nothing is known', async () => {
  await send('chat', accepted(`w${day}`));
  await record(told(`w${day}`, 'delivered', 1), told(`w${day}`, 'undelivered', 2));
  expect(await stand()).toEqual(['chat delivered']);
  day += 1;
  slotId = await one.sealed(testSlot(`slot-${day}`), [person], ladder);
  await send('chat', 'throws');
  expect(await stand()).toEqual(['chat unclear']);
  await send('email', accepted('m'));
  expect(await stand()).toEqual(['chat unclear']);
});

test('a receipt by our reference settles what was unclear: it went', async () => {
  await send('chat', 'throws');
  const [part] = (await one.ledger.messages.list(slotId)).flatMap(({ parts }) => parts);
  await record({ of: { reference: part?.reference ?? '' }, kind: 'delivered', at: new Date(0) });
  expect(await stand()).toEqual(['chat delivered']);
});

test('a receipt for something that is not ours waits and harms nothing; another lane is not touched', async () => {
  await send('chat', accepted(`w${day}`));
  expect(await record(told('of somebody else', 'undelivered'))).toBe(1);
  expect(await one.ledger.receipts.record('email', [told(`w${day}`, 'undelivered')])).toBe(1);
  expect(await stand()).toEqual(['chat sent']);
});

test('an address at which nothing will ever arrive is not written to again', async () => {
  await send('chat', accepted(`w${day}`));
  await record(told(`w${day}`, 'undelivered', 1, { reason: 'no such number', suppress: true }));
  expect((await one.ledger.suppressed('chat', [`${person}/+91`], 'daily_sales')).get(`${person}/+91`)).toBe(
    'no such number',
  );
  day += 1;
  slotId = await one.sealed(testSlot(`slot-${day}`), [person], ladder);
  await send('chat', accepted('never'));
  expect(await stand()).toEqual(['email queued']);
});

test('two who bring the same receipts at once count each once', async () => {
  await send('chat', accepted(`w${day}`));
  const all = [told(`w${day}`, 'delivered', 1), told(`w${day}`, 'read', 2)];
  const added = await Promise.all([record(...all), record(...all), record(...all)]);
  expect(added.reduce((sum, n) => sum + n, 0)).toBe(2);
  expect(await stand()).toEqual(['chat read']);
});

test('a receipt, by their name or by ours, and our own settling that race always meet', async () => {
  for (let round = 0; round < 30; round += 1) {
    day += 1;
    slotId = await one.sealed(testSlot(`slot-${day}`), [person], ladder);
    const [part] = (await one.ledger.messages.list(slotId)).flatMap(({ parts }) => parts);
    const of = round % 2 === 0 ? { providerId: `race${day}` } : { reference: part?.reference ?? '' };
    let telling: Promise<unknown> = Promise.resolve();
    await send('chat', accepted(`race${day}`), async () => {
      // Let go of only after the provider has answered: the two transactions run side by side.
      telling = new Promise((resolve) => setImmediate(resolve)).then(() => record({ ...told('', 'delivered'), of }));
    });
    await telling;
    expect(await stand()).toEqual(['chat delivered']);
  }
});

test('whoever unsubscribes gets no more in that lane, by any slot, and the ladder goes on', async () => {
  await send('chat', accepted(`w${day}`));
  const [part] = (await one.ledger.messages.list(slotId)).flatMap(({ parts }) => parts);
  expect(await one.ledger.unsubscribe('000000000000')).toBe(false);
  expect(await one.ledger.unsubscribe(part?.reference ?? '')).toBe(true);
  expect(await one.ledger.unsubscribe(part?.reference ?? '')).toBe(true);
  day += 1;
  slotId = await one.sealed(testSlot(`slot-${day}`), [person], ladder);
  await send('chat', accepted('never'));
  expect(await stand()).toEqual(['email queued']);
});

test('a receipt that names our reference settles what is unclear, and teaches the name', async () => {
  await send('chat', 'throws');
  const [part] = (await one.ledger.messages.list(slotId))[0]?.parts ?? [];
  const of = { providerId: `w${day}`, reference: part?.reference ?? '' };
  await record(told('', 'sent', 0, { of }));
  expect(await stand()).toEqual(['chat sent']);
  await record(told(`w${day}`, 'delivered', 1));
  expect(await stand()).toEqual(['chat delivered']);
});

test('what another attempt left behind does not speak for the one that became the part', async () => {
  await send('chat', accepted(`w${day}`));
  const [part] = (await one.ledger.messages.list(slotId))[0]?.parts ?? [];
  await record(told('', 'undelivered', 0, { of: { providerId: 'another', reference: part?.reference ?? '' } }));
  expect(await stand()).toEqual(['chat sent']);
});

test('a receipt that came while its sender died counts when the lease has run out', async () => {
  const claim = await claimOne(one.ledger, 'chat', slotId, 0.001);
  const of = { providerId: `w${day}`, reference: claim?.part.reference ?? '' };
  await record(told('', 'sent', 0, { of }), told('', 'delivered', 1, { of }));
  expect(await stand()).toEqual(['chat sending']);
  await expect.poll(async () => (await one.ledger.sweep()) && stand()).toEqual(['chat delivered']);
});

test('who says stop to a lane gets nothing by it until they say start; what bounced is not lifted by that', async () => {
  const address = `${person}/+91`;
  const suppressed = async () => [...(await one.ledger.suppressed('chat', [address], 'daily_sales')).values()];
  await one.ledger.receipts.heed('chat', { address, wish: 'stop' });
  expect(await suppressed()).toEqual(['opted out']);
  expect(await send('chat', accepted('never'))).toMatchObject({ sent: 0 });
  expect(await stand()).toEqual(['email queued']);
  await one.ledger.receipts.heed('chat', { address, wish: 'start' });
  expect(await suppressed()).toEqual([]);
  await send('email', { kind: 'refused', reason: 'gone', suppress: true });
  await one.ledger.receipts.heed('email', { address: `${person}/mail`, wish: 'start' });
  expect([...(await one.ledger.suppressed('email', [`${person}/mail`], 'daily_sales')).values()]).toEqual(['gone']);
});

test('what is repeated under one name has not failed because its attempts are spent', async () => {
  await send('chat', 'throws');
  for (const { part } of await one.ledger.unclear.unclear('chat', slotId)) {
    await one.ledger.unclear.afterLook(part, { kind: 'queued', mayHaveGone: true });
  }
  const claim = await claimOne(one.ledger, 'chat', slotId);
  expect(claim?.part.mayHaveGone).toBe(true);
});

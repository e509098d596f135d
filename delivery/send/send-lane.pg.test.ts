import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Fault, sql } from '#engine';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { byMail, type TestLedger, testLedger, testSlot } from '../ledger/test-ledger.ts';
import type { Channel, Part, SendOutcome } from './channel.ts';
import { defaultLeases, type LaneTools, sendLane } from './send-lane.ts';

let state: TestDatabase;
let one: TestLedger;
let slotId: string;
let day = 0;
const people = ['asha', 'meera', 'ravi'];
beforeAll(async () => {
  state = await testDatabase();
  one = await testLedger(state.database);
});
afterAll(() => state[Symbol.asyncDispose]());
beforeEach(async () => {
  day += 1;
  slotId = await one.sealed(testSlot(`slot-${day}`), people);
});

const never = new AbortController().signal;
const work = (more: object = {}) => ({ lane: 'email', owner: 'me', parallel: 2, slotId, ...more });
const accepted: SendOutcome = { kind: 'accepted', providerId: 'p' };

function tools(send: Channel['send'], more: Partial<LaneTools> = {}): LaneTools {
  const log = { warn: () => {} };
  return { ledger: one.ledger.sending, channel: { send }, log, leases: defaultLeases, now: () => new Date(), ...more };
}
const states = async () => (await one.ledger.messages.list(slotId)).map((m) => `${m.recipient} ${m.state}`);

test('everybody of one slot gets one message, side by side, and a second round finds nothing to do (lightdash 17916)', async () => {
  const got: string[] = [];
  const send = async (part: Part, stillMine: () => Promise<boolean>) => {
    if (await stillMine()) got.push(part.recipientName ?? '');
    return accepted;
  };
  expect(await sendLane(tools(send), work(), never)).toEqual({ kind: 'drained', sent: 3 });
  expect(await sendLane(tools(send), work(), never)).toEqual({ kind: 'drained', sent: 0 });
  expect(got.sort()).toEqual(['ASHA', 'MEERA', 'RAVI']);
  expect(await states()).toEqual(people.map((name) => `${name} sent`));
});

test('each outcome has its state, and what an adapter throws is unclear', async () => {
  const send = async ({ recipientName }: Part): Promise<SendOutcome> => {
    if (recipientName === 'ASHA') return { kind: 'later', reason: 'busy', scope: 'part' };
    if (recipientName === 'MEERA') return { kind: 'refused', reason: 'no' };
    throw new Error('the browser is gone');
  };
  await sendLane(tools(send), work(), never);
  expect(await states()).toEqual(['asha queued', 'meera failed', 'ravi unclear']);
});

test("nothing goes in somebody's quiet hours; it costs no attempt and goes when they end", async () => {
  const quiet = { from: '21:00', until: '08:00', timezone: 'Asia/Kolkata' };
  const rungs = byMail.map((rung) => ({ ...rung, quiet }));
  slotId = await one.sealed(testSlot(`quiet-${day}`), people, rungs);
  const got: string[] = [];
  const send = async ({ recipientName }: Part) => {
    got.push(recipientName ?? '');
    return accepted;
  };
  // The end is far ahead of the ledger's own clock, so that the part waits for it.
  const night = new Date('2121-12-21T16:00:00Z');
  await sendLane(tools(send, { now: () => night }), work(), never);
  expect([got, await states()]).toEqual([[], people.map((name) => `${name} queued`)]);
  const waiting = await state.database.query<{ until: string; spent: number; reason: string }>(sql`
    select distinct not_before at time zone 'UTC' as until, spent, reason from delivery_test.parts where slot_id = ${slotId}::bigint`);
  expect(waiting).toEqual([{ until: '2121-12-22 02:30:00', spent: 0, reason: "the recipient's quiet hours" }]);
  await state.database.query(sql`update delivery_test.parts set not_before = now() where slot_id = ${slotId}::bigint`);
  await sendLane(tools(send, { now: () => new Date('2121-12-22T02:30:00Z') }), work(), never);
  expect(got.sort()).toEqual(['ASHA', 'MEERA', 'RAVI']);
});

test('a lane that another process holds is left to it', async () => {
  await one.ledger.sending.takeLane('email', 'daemon', 20);
  expect(
    await sendLane(
      tools(async () => accepted),
      work(),
      never,
    ),
  ).toEqual({ kind: 'taken' });
  await one.ledger.sending.leaveLane('email', 'daemon');
  expect(await states()).toEqual(people.map((name) => `${name} queued`));
});

test('a send that takes longer than its lease keeps it while its process lives', async () => {
  let renewed = 0;
  const { promise: longEnough, resolve } = Promise.withResolvers<void>();
  const ledger = {
    ...one.ledger.sending,
    async renew(...args: Parameters<typeof one.ledger.sending.renew>) {
      const mine = await one.ledger.sending.renew(...args);
      renewed += 1;
      if (renewed === 6) resolve();
      return mine;
    },
  };
  const send = async (_part: Part, stillMine: () => Promise<boolean>): Promise<SendOutcome> => {
    await longEnough;
    await one.ledger.sweep();
    return (await stillMine()) ? accepted : { kind: 'unclear', reason: 'lost' };
  };
  const leases = { lane: 15, attempt: 0.6, send: 30 };
  await sendLane(tools(send, { ledger, leases }), work({ parallel: 1 }), never);
  expect(await states()).toEqual(people.map((name) => `${name} sent`));
});

test('a send that does not end in time is aborted, and told from what it says then', async () => {
  const send = (_part: Part, _mine: () => Promise<boolean>, signal: AbortSignal) =>
    new Promise<SendOutcome>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  await sendLane(tools(send, { leases: { ...defaultLeases, send: 0.05 } }), work({ parallel: 3 }), never);
  expect(await states()).toEqual(people.map((name) => `${name} unclear`));
});

test('a stop lets the sends under way end and takes no more', async () => {
  const stop = new AbortController();
  const send = async () => {
    stop.abort();
    return accepted;
  };
  await sendLane(tools(send), work({ parallel: 1 }), stop.signal);
  expect(await states()).toEqual(['asha sent', 'meera queued', 'ravi queued']);
});

test.each([
  ['before', false],
  ['after', true],
])('a connection lost %s the answer was written: what was accepted is settled, once', async (_, written) => {
  const { sending } = one.ledger;
  let cut = 0;
  const ledger: typeof sending = {
    ...sending,
    async claim(wish) {
      if (!wish.sent?.length || cut > 0) return sending.claim(wish);
      cut += 1;
      if (written) await sending.claim({ ...wish, most: 0 });
      throw new Fault('unreachable', 'the connection is lost');
    },
    async settle(attempt, settlement) {
      cut += 1;
      if (cut === 2) throw new Fault('unreachable', 'it is still away');
      return sending.settle(attempt, settlement);
    },
  };
  const send = async () => accepted;
  await expect(sendLane(tools(send, { ledger }), work({ parallel: 1 }), never)).rejects.toThrow(
    'the connection is lost',
  );
  expect(await states()).toEqual(['asha sent', 'meera queued', 'ravi queued']);
  const ends = (await one.ledger.trail({ limit: 1000 })).filter(
    ({ slot, attempt }) => slot === `slot-${day}` && attempt,
  );
  expect(ends.map(({ outcome }) => outcome)).toEqual(['sent']);
});

test('what a claim took whose answer was lost is queued again at once, not unclear; what others hold stays theirs', async () => {
  const { sending } = one.ledger;
  const [other] = await sending.claim({ lane: 'email', owner: 'another', seconds: 60, most: 1, slotId });
  const ledger: typeof sending = {
    ...sending,
    async claim(wish) {
      await sending.claim(wish);
      throw new Fault('unreachable', 'the connection is lost');
    },
  };
  const send = async () => expect.unreachable('nobody was told of it');
  await expect(sendLane(tools(send, { ledger }), work(), never)).rejects.toThrow('the connection is lost');
  expect(await states()).toEqual(['asha sending', 'meera queued', 'ravi queued']);
  expect(other && (await sending.renew(other.attempt, 60))).toBe(true);
  const told = await one.ledger.trail({ limit: 1000 });
  const lost = told.filter(({ slot, attempt }) => slot === `slot-${day}` && attempt);
  expect(lost.map(({ recipient, outcome, detail }) => `${recipient} ${outcome}: ${detail}`).sort()).toEqual([
    'meera queued: the answer to its claim was lost: it was not tried',
    'ravi queued: the answer to its claim was lost: it was not tried',
  ]);
  expect(
    await sendLane(
      tools(async () => accepted),
      work(),
      never,
    ),
  ).toEqual({ kind: 'drained', sent: 2 });
});

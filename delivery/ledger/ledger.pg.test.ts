import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from '#engine';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import type { Rung } from '../edition/plan-messages.ts';
import type { Settlement } from '../send/after-attempt.ts';
import type { Claim } from '../send/send-ledger.ts';
import { openLedger } from './ledger.ts';
import { claimOne, type TestLedger, testLedger, testMessage, testSlot } from './test-ledger.ts';

let state: TestDatabase;
let one: TestLedger;
let day = 0;
let slot = testSlot('x');
beforeAll(async () => {
  state = await testDatabase();
  one = await testLedger(state.database);
});
afterAll(() => state[Symbol.asyncDispose]());
beforeEach(() => {
  day += 1;
  slot = testSlot(`2021-12-${String(day).padStart(2, '0')}`);
});

const ladder: readonly Rung[] = [
  { lane: 'chat', address: '+91', split: 'by-file' },
  { lane: 'email', address: 'mail', split: 'whole' },
];

async function claim(id: string, lane = 'email', seconds = 20): Promise<Claim> {
  const claimed = await claimOne(one.ledger, lane, id, seconds);
  if (claimed === undefined) throw new Error('nothing to claim');
  return claimed;
}
const settle = (claimed: Claim, how: Settlement) => one.ledger.sending.settle(claimed.attempt, how);
const states = async (id: string) =>
  (await one.ledger.messages.list(id)).map((m) => `${m.recipient} ${m.channel} ${m.state}`);
const sent: Settlement = { kind: 'sent', providerId: 'p1' };

test('opening it again, even twice at once, changes nothing, and it keeps its secret', async () => {
  const [a, b] = await Promise.all([openLedger(state.database, 'other'), openLedger(state.database, 'other')]);
  expect(a.secret).toBe(b.secret);
  expect(a.secret).not.toBe(one.ledger.secret);
});

test('a ledger that a later version has touched is left alone', async () => {
  await openLedger(state.database, 'later');
  await state.database.query(sql`insert into delivery_later.migrations (name) values ('9999-later.sql')`);
  await expect(openLedger(state.database, 'later')).rejects.toThrow(/later version/);
});

test('a slot is entered once, frozen by whoever is first, and sealed', async () => {
  const { slots } = one.ledger;
  const [a, b] = await Promise.all([1, 2].map(() => slots.open(slot, { asked: false, resend: 0 })));
  expect(a?.id).toBe(b?.id);
  const id = a?.id ?? '';
  const names = await Promise.all([slots.freeze(id, 'a'.repeat(64)), slots.freeze(id, 'b'.repeat(64))]);
  expect(names[0]).toBe(names[1]);
  await slots.seal(id);
  expect(await slots.newest('daily_sales', slot.id)).toMatchObject({ id, state: 'sealed', frozen: names[0] });
});

test('what a person asked for and still waits can be withdrawn; what was due cannot', async () => {
  const { slots } = one.ledger;
  const asked = await slots.open(slot, { asked: true, resend: 0 });
  expect((await slots.unsealed()).find(({ id }) => id === asked.id)?.about).toEqual(slot);
  await slots.withdraw(asked.id);
  expect(await slots.newest('daily_sales', slot.id)).toBeUndefined();
  const due = await slots.open(slot, { asked: false, resend: 0 });
  expect((await slots.open(slot, { asked: true, resend: 0 })).id).toBe(due.id);
  await slots.withdraw(due.id);
  expect(await slots.newest('daily_sales', slot.id)).toMatchObject({ state: 'waiting' });
});

test('what was given up is opened again only when a person asks', async () => {
  const { slots } = one.ledger;
  const { id } = await slots.open(slot, { asked: false, resend: 0 });
  await slots.end(id, 'given-up', 'no data');
  expect((await slots.open(slot, { asked: false, resend: 0 })).state).toBe('given-up');
  expect((await slots.open(slot, { asked: true, resend: 0 })).state).toBe('waiting');
});

test('frozen content is let go of only while no message is held', async () => {
  const { slots, editions, messages } = one.ledger;
  const { id } = await slots.open(slot, { asked: false, resend: 0 });
  await slots.freeze(id, 'f');
  await editions.add(id, [{ key: 'whole', rowsSha256: 'r' }]);
  expect(await slots.thaw(id, 'another', 'wrong')).toBe(false);
  expect(await slots.thaw(id, 'f', 'wrong')).toBe(true);
  expect(await slots.newest('daily_sales', slot.id)).toMatchObject({ state: 'waiting', frozen: undefined });
  await slots.freeze(id, 'g');
  await editions.add(id, [{ key: 'whole', rowsSha256: 'r' }]);
  await messages.add(id, [testMessage(one.ledger.secret, slot.id, 'asha')]);
  expect(await slots.thaw(id, 'g', 'wrong')).toBe(false);
});

test("a report's history begins when it was first seen and goes on from its newest scheduled slot", async () => {
  const { slots } = one.ledger;
  const now = new Date('2021-12-01T00:00:00Z');
  const report = 'history';
  expect((await slots.history(report, now)).since).toEqual(now);
  await slots.open({ ...slot, report }, { asked: false, resend: 0 });
  await slots.open(
    { ...slot, report, id: 'asked', tick: new Date('2022-06-01T00:00:00Z') },
    { asked: true, resend: 0 },
  );
  const history = await slots.history(report, new Date());
  expect(history.since).toEqual(slot.tick);
  expect([slot.id, 'asked', '2021-11-30'].map(history.holds)).toEqual([true, true, false]);
});

test('a message is held once, whatever its address and content have become', async () => {
  const id = await one.sealed(slot, ['asha', 'ravi']);
  const again = [
    testMessage(one.ledger.secret, slot.id, 'asha', [{ lane: 'chat', address: 'new', split: 'whole' }]),
    testMessage(one.ledger.secret, slot.id, 'meera'),
  ];
  expect(await one.ledger.messages.add(id, again)).toBe(1);
  expect(await states(id)).toEqual(['asha email queued', 'ravi email queued', 'meera email queued']);
});

test('nothing is claimed before its slot is sealed', async () => {
  const { slots, editions, messages } = one.ledger;
  const { id } = await slots.open(slot, { asked: false, resend: 0 });
  await slots.freeze(id, 'f');
  await editions.add(id, [{ key: 'whole', rowsSha256: 'r' }]);
  await messages.add(id, [testMessage(one.ledger.secret, slot.id, 'asha')]);
  expect(await claimOne(one.ledger, 'email', id)).toBeUndefined();
  await slots.seal(id);
  expect(await claimOne(one.ledger, 'email', id)).toBeDefined();
});

test('many who claim at once get each part once', async () => {
  const people = Array.from({ length: 30 }, (_, index) => `p${index}`);
  const id = await one.sealed(slot, people);
  const got: string[] = [];
  const worker = async () => {
    for (;;) {
      const claimed = await claimOne(one.ledger, 'email', id);
      if (claimed === undefined) return;
      got.push(claimed.part.recipientName ?? '');
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  expect(got.sort()).toEqual(people.map((name) => name.toUpperCase()).sort());
});

test('a lease that ran out makes the part unclear, and it is never queued by that', async () => {
  const id = await one.sealed(slot, ['asha']);
  const claimed = await claim(id, 'email', 0);
  expect(await one.ledger.sending.renew(claimed.attempt, 20)).toBe(false);
  await one.ledger.sweep();
  expect(await states(id)).toEqual(['asha email unclear']);
  expect(await claimOne(one.ledger, 'email', id)).toBeUndefined();
});

test('a late answer starts nothing, but a late acceptance settles', async () => {
  const id = await one.sealed(slot, ['asha', 'ravi']);
  const [first, second] = [await claim(id, 'email', 0), await claim(id, 'email', 0)];
  await one.ledger.sweep();
  await settle(first, { kind: 'queued', reason: 'busy', at: new Date(0), wholeLane: false });
  await settle(second, sent);
  expect(await states(id)).toEqual(['asha email unclear', 'ravi email sent']);
});

test('what was accepted is settled together, the next is claimed in the same breath, and a second time changes nothing', async () => {
  const lane = 'together';
  const id = await one.sealed(slot, ['asha', 'ravi', 'meera', 'zoe'], [{ lane, address: 'x', split: 'whole' }]);
  const { sending } = one.ledger;
  const wish = { lane, owner: 'me', seconds: 20, slotId: id };
  const first = await sending.claim({ ...wish, most: 2 });
  const sents = first.map(({ attempt, part }) => ({
    attempt,
    settlement: { kind: 'sent', providerId: part.reference } as const,
  }));
  const receipt = {
    of: { providerId: sents[0]?.settlement.providerId ?? '' },
    kind: 'delivered',
    at: new Date(),
  } as const;
  await one.ledger.receipts.record(lane, [receipt]);
  expect(await sending.claim({ ...wish, most: 5, sent: sents })).toHaveLength(2);
  for (const { attempt, settlement } of sents) await sending.settle(attempt, settlement);
  expect(await states(id)).toEqual([
    `asha ${lane} delivered`,
    `ravi ${lane} sent`,
    `meera ${lane} sending`,
    `zoe ${lane} sending`,
  ]);
  const ends = (await one.ledger.trail({ limit: 1000 })).filter(
    (line) => line.slot === slot.id && line.attempt !== null,
  );
  expect(ends.map(({ event }) => event).sort()).toEqual(['attempt ended', 'attempt ended', 'receipt: delivered']);
  const [asha, ravi] = first.map(({ part }) => part.reference);
  expect(ends.map(({ part, recipient }) => [part, recipient]).sort()).toEqual(
    [
      [asha, 'asha'],
      [asha, 'asha'],
      [ravi, 'ravi'],
    ].sort(),
  );
  const [message] = await one.ledger.messages.list(id);
  expect(ends.find(({ recipient }) => recipient === 'asha')?.message).toBe(message?.id);
});

test('refused for now: it waits its time, and counts unless the lane is to blame', async () => {
  const id = await one.sealed(slot, ['asha']);
  const soon = new Date(Date.now() + 3_600_000);
  await settle(await claim(id), { kind: 'queued', reason: 'greylisted', at: new Date(0), wholeLane: false });
  const again = await claim(id);
  expect([again.spent, again.attempt.number]).toEqual([1, 2]);
  await settle(again, { kind: 'queued', reason: 'greylisted', at: soon, wholeLane: false });
  expect(await claimOne(one.ledger, 'email', id)).toBeUndefined();
});

test("a lane's trouble pauses the whole lane and spends nothing", async () => {
  await one.ledger.sending.takeLane('chat', 'me', 20);
  const id = await one.sealed(slot, ['asha', 'ravi'], ladder.slice(0, 1));
  const claimed = await claim(id, 'chat');
  const at = new Date(Date.now() + 3_600_000);
  await settle(claimed, { kind: 'queued', reason: 'logged out', at, wholeLane: true });
  expect(await claimOne(one.ledger, 'chat', id)).toBeUndefined();
  await state.database.query(sql`update delivery_test.lanes set resume_at = null`);
  expect((await claim(id, 'chat')).spent).toBe(0);
});

test('a ladder goes on after sure failure, and what of the rung still waits is cancelled', async () => {
  const id = await one.sealed(slot, ['asha'], ladder);
  await settle(await claim(id, 'chat'), { kind: 'failed', reason: 'not on it', suppress: false });
  expect(await states(id)).toEqual(['asha email queued']);
  const mail = await claim(id);
  expect(mail.part.content.attachments).toHaveLength(2);
  await settle(mail, { kind: 'failed', reason: 'no such mailbox', suppress: false });
  expect(await states(id)).toEqual(['asha email failed']);
});

test('after a part was accepted or is unclear the ladder stays', async () => {
  const id = await one.sealed(slot, ['asha', 'ravi'], ladder);
  const failed: Settlement = { kind: 'failed', reason: 'too large', suppress: false };
  const [asha, ravi] = [await claim(id, 'chat'), await claim(id, 'chat')];
  await settle(asha, sent);
  await settle(await claim(id, 'chat'), failed);
  await settle(ravi, { kind: 'unclear', reason: 'no tick seen' });
  await one.ledger.unclear.afterLook(ravi.part, { kind: 'held', reason: 'no tick seen' });
  await settle(await claim(id, 'chat'), failed);
  expect(await states(id)).toEqual(['asha chat failed', 'ravi chat held']);
});

test('a suppressed address is not written to again, and what is no longer useful expires', async () => {
  const first = await one.sealed(slot, ['zoe']);
  await settle(await claim(first), { kind: 'failed', reason: '5.1.1', suppress: true });
  const next = await one.sealed({ ...slot, id: `${slot.id}-b` }, ['zoe', 'asha']);
  const late = await one.sealed({ ...slot, id: `${slot.id}-c`, usefulUntil: new Date(0) }, ['ravi']);
  expect((await claim(next)).part.recipientName).toBe('ASHA');
  expect(await claimOne(one.ledger, 'email', next)).toBeUndefined();
  expect(await states(next)).toEqual(['zoe email suppressed', 'asha email sending']);
  expect(await states(late)).toEqual(['ravi email expired']);
});

test('the ladder of a suppressed address goes on', async () => {
  const address = (id: string) => one.sealed({ ...slot, id }, ['mira'], ladder);
  await settle(await claim(await address(`${slot.id}-d`), 'chat'), { kind: 'failed', reason: 'gone', suppress: true });
  const id = await address(`${slot.id}-e`);
  expect(await claimOne(one.ledger, 'chat', id)).toBeUndefined();
  expect(await states(id)).toEqual(['mira email queued']);
});

test('a lane has one owner until its lease runs out', async () => {
  const { sending } = one.ledger;
  expect(await sending.takeLane('lane', 'a', 20)).toBe(true);
  expect(await sending.takeLane('lane', 'b', 20)).toBe(false);
  expect(await sending.takeLane('lane', 'a', 0)).toBe(true);
  expect(await sending.takeLane('lane', 'b', 20)).toBe(true);
  await sending.leaveLane('lane', 'a');
  expect(await sending.takeLane('lane', 'c', 20)).toBe(false);
  await sending.leaveLane('lane', 'b');
  expect(await sending.takeLane('lane', 'c', 20)).toBe(true);
});

test('the trail tells what happened, in order and without addresses', async () => {
  const id = await one.sealed(slot, ['asha']);
  await settle(await claim(id), sent);
  const trail = (await one.ledger.trail({ limit: 1000 })).filter((line) => line.slot === slot.id);
  expect(trail.map((line) => `${line.event} ${line.outcome ?? ''}`.trim())).toEqual([
    'slot opened',
    'slot frozen',
    'queued',
    'slot sealed',
    'attempt ended sent',
  ]);
  expect(JSON.stringify(trail)).not.toContain('example.com');
  expect(await one.ledger.trail({ limit: 1000, after: trail.at(-1)?.id ?? '' })).toEqual([]);
});

test('a lane is ready when something in it may go now, and not while it is paused', async () => {
  const lane = 'pulse';
  const ready = () => one.ledger.ready([lane, 'idle']);
  expect(await ready()).toEqual([]);
  const id = await one.sealed(slot, ['asha', 'ravi'], [{ lane, address: 'x', split: 'whole' }]);
  expect(await ready()).toEqual([lane]);
  await one.ledger.sending.takeLane(lane, 'me', 20);
  const at = new Date(Date.now() + 3_600_000);
  await settle(await claim(id, lane), { kind: 'queued', reason: 'away', at, wholeLane: true });
  expect(await ready()).toEqual([]);
  await one.ledger.resume(lane);
  expect(await ready()).toEqual([lane]);
});

test('the parts of a message go in their order; one that waits for a person holds up none', async () => {
  const byFile: readonly Rung[] = [{ lane: 'chat-in-order', address: 'x', split: 'by-file' }];
  const slotId = await one.sealed(testSlot('in-order'), ['asha'], byFile);
  const claim = () => claimOne(one.ledger, 'chat-in-order', slotId);
  const first = await claim();
  expect(first?.part.content.attachments[0]?.format).toBe('pdf');
  expect([await claim(), await one.ledger.ready(['chat-in-order'])]).toEqual([undefined, []]);
  if (first === undefined) throw new Error('nothing was claimed');
  await one.ledger.sending.settle(first.attempt, { kind: 'unclear', reason: 'cut' });
  expect(await claim()).toBeUndefined();
  await one.ledger.unclear.afterLook(first.part, { kind: 'held', reason: 'nobody can be asked' });
  expect(await one.ledger.ready(['chat-in-order'])).toEqual(['chat-in-order']);
  expect((await claim())?.part.content.attachments[0]?.format).toBe('xlsx');
});

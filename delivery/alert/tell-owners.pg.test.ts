import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from '#engine';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import type { Lanes } from '../edition/lane.ts';
import { openFolderStore } from '../files/folder.ts';
import { claimOne, type TestLedger, testLedger, testSlot } from '../ledger/test-ledger.ts';
import { ownersReport } from '../ledger/troubles.ts';
import { afterAttempt, maxAttempts, type Settlement } from '../send/after-attempt.ts';
import { tellOwners } from './tell-owners.ts';

let state: TestDatabase;
let one: TestLedger;
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tiffin-alert-'));
});
afterAll(() => rm(root, { recursive: true }));
beforeEach(async () => {
  state = await testDatabase();
  one = await testLedger(state.database);
});
afterEach(() => state[Symbol.asyncDispose]());

const lanes: Lanes = new Map([
  ['email', { name: 'email', address: 'email', split: 'whole' }],
  ['chat', { name: 'chat', address: 'phone', split: 'by-file' }],
]);
const owners = new Map([['daily_sales', ['email:owner@example.com', 'chat:+919800000001']]]);
const tell = (now = new Date(), digest?: { at: string; timezone: string }) =>
  tellOwners({ ...one.ledger, files: openFolderStore(root, 'files') }, { owners, lanes }, digest, now);
const notices = () =>
  state.database.query<{ lane: string; state: string; subject: string }>(sql`
    select p.lane, p.state, m.content ->> 'subject' as subject
    from delivery_test.parts p join delivery_test.messages m on m.id = p.message_id
    join delivery_test.slots s on s.id = m.slot_id where s.report = ${ownersReport} order by p.id`);
async function settle(id: string, how: Settlement, lane = 'email') {
  const claimed = await claimOne(one.ledger, lane, id);
  if (claimed === undefined) throw new Error('nothing to claim');
  await one.ledger.sending.settle(claimed.attempt, how);
}

test('a slot that was given up is told once, by whoever looks and however often', async () => {
  const { slots } = one.ledger;
  const quiet = await slots.open(testSlot('2021-12-20'), { asked: false, resend: 0 });
  await slots.end(quiet.id, 'skipped', 'a newer slot is due');
  const aloud = await slots.open(testSlot('2021-12-21'), { asked: false, resend: 0 });
  await slots.end(aloud.id, 'given-up', 'the data was not there', true);
  const told = (await Promise.all([tell(), tell(), tell()])).flat();
  expect(new Set(told)).toEqual(new Set([`ended/${aloud.id}`]));
  expect(await tell()).toEqual([]);
  expect((await notices()).map(({ lane, subject }) => `${lane} ${subject}`)).toEqual([
    'email daily_sales 2021-12-21 was not sent',
    'chat daily_sales 2021-12-21 was not sent',
  ]);
});

test('a slot that fails is told after the third time, once', async () => {
  const { slots } = one.ledger;
  const { id } = await slots.open(testSlot('2021-12-21'), { asked: false, resend: 0 });
  await slots.failed(id, 'the warehouse restarts');
  await slots.failed(id, 'the warehouse restarts');
  expect(await tell()).toEqual([]);
  await slots.failed(id, 'no such column');
  expect(await tell()).toEqual([`failing/${id}`]);
  await slots.failed(id, 'no such column');
  expect(await tell()).toEqual([]);
});

test('messages that were too late or failed are told once a slot, when nothing of it is under way', async () => {
  const useful = testSlot('2021-12-21', { usefulUntil: new Date('2021-12-22T12:00:00Z') });
  const late = await one.sealed(useful, ['asha', 'ravi', 'meera']);
  const id = await one.sealed(testSlot('2021-12-22'), ['asha', 'ravi']);
  expect(await claimOne(one.ledger, 'email', late)).toBeUndefined();
  await settle(id, { kind: 'failed', reason: 'no such mailbox', suppress: false });
  expect(await tell()).toEqual([`expired/${late}`]);
  await settle(id, { kind: 'sent', providerId: 'x' });
  expect(await tell()).toEqual([`failed/${id}`]);
  expect(await tell()).toEqual([]);
  expect((await notices()).map(({ subject }) => subject)).toContain('daily_sales 2021-12-21: 3 messages expired');
});

test('a message that arrives at its last attempt is no news; one that failed at all of them is told once (lightdash 24052)', async () => {
  const id = await one.sealed(testSlot('2021-12-21'), ['asha', 'ravi']);
  const refused = (spent: number) => {
    const outcome = { kind: 'later', reason: 'greylisted', scope: 'recipient', at: new Date(0) } as const;
    return afterAttempt(outcome, spent, new Date(), 0);
  };
  const told: string[] = [];
  // Both are refused for now until their last attempt but one; then one is taken, and the other is not.
  for (let attempt = 1; attempt < maxAttempts; attempt += 1) {
    for (const _ of ['asha', 'ravi']) await settle(id, refused(attempt));
    told.push(...(await tell()));
  }
  await settle(id, { kind: 'sent', providerId: 'x' });
  told.push(...(await tell()));
  expect(told).toEqual([]);
  await settle(id, refused(maxAttempts));
  expect([await tell(), await tell()]).toEqual([[`failed/${id}`], []]);
  expect((await notices()).map(({ subject }) => subject)).toEqual(
    Array(2).fill('daily_sales 2021-12-21: 1 messages failed'),
  );
});

test('a lane in trouble is told by another lane; one notice a trouble, and none about notices', async () => {
  const id = await one.sealed(testSlot('2021-12-21'), ['asha']);
  await one.ledger.sending.takeLane('email', 'me', 20);
  const away: Settlement = { kind: 'queued', reason: 'away', at: new Date(0), wholeLane: true };
  await settle(id, away);
  expect(await tell()).toEqual([]);
  const later = new Date(Date.now() + 6 * 60_000);
  expect(await tell(later)).toEqual([expect.stringMatching(/^lane\/email\//)]);
  await settle(id, away);
  expect(await tell(later)).toEqual([]);
  expect(await notices()).toMatchObject([{ lane: 'chat', state: 'queued', subject: 'Nothing can be sent by email' }]);

  // The notice itself fails: nobody is told about that.
  const { slot_id } = (
    await state.database.query<{ slot_id: string }>(sql`
    select max(slot_id)::text as slot_id from delivery_test.messages`)
  )[0] ?? { slot_id: '' };
  await settle(slot_id, { kind: 'failed', reason: 'blocked', suppress: false }, 'chat');
  expect(await tell(later)).toEqual([]);

  // It sends again, and fails again: that is another trouble.
  await settle(id, { kind: 'sent', providerId: 'x' });
  const next = await one.sealed(testSlot('2021-12-22'), ['asha']);
  await settle(next, away);
  expect(await tell(later)).toEqual([expect.stringMatching(/^lane\/email\//)]);
});

test('a digest goes once a day, after its hour, and tests are not in it', async () => {
  const rule = { at: '18:00', timezone: 'Asia/Kolkata' };
  const id = await one.sealed(testSlot('2021-12-21'), ['asha', 'ravi']);
  await settle(id, { kind: 'sent', providerId: 'x' });
  const today = new Date().toISOString().slice(0, 10);
  const evening = new Date(`${today}T12:31:00Z`);
  expect(await tell(new Date(`${today}T12:29:00Z`), rule)).toEqual([]);
  expect(await tell(evening, rule)).toEqual([`digest/${today}`]);
  expect(await tell(evening, rule)).toEqual([]);
  const [{ text } = { text: '' }] = await state.database.query<{ text: string }>(sql`
    select content ->> 'text' as text from delivery_test.messages order by id desc limit 1`);
  expect(text).toMatch(/^daily_sales: (1 queued, 1 sent|1 sent, 1 queued)/);
  expect(text).not.toContain('owners');
});

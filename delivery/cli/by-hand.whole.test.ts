import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { type TestMailServer, testMailServer } from '../send/channels/test-mail-server.ts';
import { type TestProject, testProject } from './test-project.ts';

let state: TestDatabase;
let mailbox: TestMailServer;
let project: TestProject;
/** Addresses that the mail server does not know at the moment. */
let unknown: string[];

const deliver = `  - { id: mail, channel: email, to: { list: all }, attach: [csv] }
  - { id: drop, channel: office, to: { list: all }, attach: [csv] }
`;

beforeEach(async () => {
  unknown = [];
  state = await testDatabase();
  mailbox = await testMailServer({
    onRcptTo: ({ address }, _session, done) =>
      unknown.includes(address) ? done(Object.assign(new Error('5.7.1 not now'), { responseCode: 550 })) : done(),
  });
  const env = { WAREHOUSE_URL: state.url, STATE_URL: state.url, SMTP_URL: mailbox.url };
  project = testProject(env, { people: 3, deliver });
  expect((await project.run('engine', 'run')).code).toBe(0);
});
afterEach(async () => {
  project[Symbol.dispose]();
  await mailbox[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
});

const delivery = async (...args: string[]) => {
  const ran = await project.run('delivery', ...args, '--json');
  return { ...ran, answer: JSON.parse(ran.out) };
};
const send = (...more: string[]) => delivery('run', 'daily', '--date', '2021-12-21', ...more);
const mailed = async () => (await mailbox.mails()).map(({ to }) => [to].flat()[0]?.text ?? '');

test('a run for one recipient leaves the others to the whole, which does not write to the one again', async () => {
  const one = await send('--recipient', 'p2');
  expect(one).toMatchObject({ code: 0, answer: { slot: '2021-12-21', new: 2, messages: { length: 2 } } });
  expect(await mailed()).toEqual(['"Person p2" <p2@example.com>']);
  expect(readdirSync(join(project.root, 'out', 'p2'))[0]).toMatch(/^Daily sales 2021-12-21/);
  expect(await send('--recipient', 'p2')).toMatchObject({ code: 0, answer: { new: 0, messages: { length: 2 } } });

  expect(await send()).toMatchObject({ code: 0, answer: { new: 4, messages: { length: 6 } } });
  expect((await mailed()).sort()).toEqual(['p1', 'p2', 'p3'].map((id) => `"Person ${id}" <${id}@example.com>`));
  expect(await send('--recipient', 'p3', '--resend')).toMatchObject({ code: 0, answer: { new: 2, resend: 1 } });
  expect(await send('--resend')).toMatchObject({ code: 0, answer: { new: 6, resend: 2 } });
  expect(mailbox.raw).toHaveLength(3 + 1 + 3);
  expect(await send('--recipient', 'nobody')).toMatchObject({ code: 2 });
});

test('an address that a person suppresses is left out and named, of one report or of all, until it is removed', async () => {
  const change = (...args: string[]) => delivery('suppressions', ...args, '--lane', 'email');
  expect(await change('add', 'P2@example.com', '--reason', 'left the firm')).toMatchObject({ answer: { changed: 1 } });
  expect(await change('add', 'p2@example.com')).toMatchObject({ code: 0, answer: { changed: 0 } });
  // A phone would never be met there.
  expect((await change('add', '+919812345678')).code).toBe(2);
  expect(await change('add', 'p3@example.com', '--report', 'daily')).toMatchObject({ answer: { changed: 1 } });
  const { answer, out } = await delivery('suppressions');
  expect(answer.suppressions).toMatchObject([
    { lane: 'email', address: 'p***@example.com', report: 'daily', reason: 'by hand' },
    { lane: 'email', address: 'p***@example.com', report: null, reason: 'left the firm' },
  ]);
  expect(out).not.toMatch(/p[23]@/);
  await send();
  expect(await mailed()).toEqual(['"Person p1" <p1@example.com>']);
  expect(await change('remove', 'p2@example.com')).toMatchObject({ code: 0, answer: { changed: 1 } });
  expect(await change('remove', 'p2@example.com')).toMatchObject({ code: 1, answer: { changed: 0 } });
  await delivery('run', 'daily', '--date', '2021-12-22');
  expect((await mailed()).slice(1).sort()).toEqual(['p1', 'p2'].map((id) => `"Person ${id}" <${id}@example.com>`));
  expect(await delivery('suppressions', 'ad', 'x')).toMatchObject({ code: 2 });
}, 120_000);

test('a test goes to one allowed address, says so, and counts for nothing', async () => {
  expect(await send('--test-to', 'me@example.com')).toMatchObject({ code: 2 });
  const tested = await send('--test-to', 'me@tests.example.com', '--recipient', 'p1');
  expect(tested).toMatchObject({ code: 0, answer: { slot: expect.stringMatching(/^test\//), new: 2 } });
  expect(await mailed()).toEqual(['me@tests.example.com', 'me@tests.example.com']);
  const [mail] = await mailbox.mails();
  expect([mail?.subject, mail?.text, mail?.html]).toEqual([
    expect.stringMatching(/^TEST: /),
    expect.stringContaining('It would have gone to p1 by'),
    expect.stringContaining('TEST'),
  ]);
  expect(mail?.attachments[0]?.filename).toBe('Daily sales 2021-12-21.csv');
  expect(await send()).toMatchObject({ code: 0, answer: { new: 6 } });
});

test('what failed is tried again by hand, alone; what was cancelled stays so until then', async () => {
  unknown = ['p3@example.com'];
  const first = await send();
  expect(first.code).toBe(1);
  const failed = first.answer.messages.find(({ state: one }: { state: string }) => one === 'failed');
  const status = await delivery('status');
  expect(status.answer.attention).toMatchObject([{ id: failed.id, recipient: 'p***', reason: '550 5.7.1 not now' }]);
  unknown = [];
  expect(await delivery('retry', 'daily', '--date', '2021-12-21')).toMatchObject({ code: 0, answer: { retried: 1 } });
  expect(await delivery('retry', failed.id)).toMatchObject({ code: 0, answer: { retried: 0, slot: '2021-12-21' } });
  expect(mailbox.raw).toHaveLength(3);

  const { port } = mailbox;
  await mailbox[Symbol.asyncDispose]();
  expect((await delivery('run', 'daily', '--date', '2021-12-20')).code).toBe(3);
  const cancelled = await delivery('cancel', 'daily', '--date', '2021-12-20');
  expect(cancelled).toMatchObject({ code: 0, answer: { cancelled: 3 } });
  mailbox = await testMailServer({}, () => true, port);
  expect(await delivery('run', 'daily', '--date', '2021-12-20')).toMatchObject({ code: 0, answer: { new: 0 } });
  expect(mailbox.raw).toHaveLength(0);
  expect(await delivery('retry', 'daily', '--date', '2021-12-20', '--recipient', 'p1')).toMatchObject({
    code: 0,
    answer: { retried: 1 },
  });
  expect(await mailed()).toEqual(['"Person p1" <p1@example.com>']);
});

test('a hold by hand is ended by a plain release', async () => {
  expect(await delivery('hold', '--reason', 'wrong prices')).toMatchObject({
    code: 0,
    answer: { held: { restored: false } },
  });
  const refused = await send();
  expect(refused).toMatchObject({ code: 1 });
  expect(await delivery('release', '--send-all', '--sent-until', 'now')).toMatchObject({ code: 2 });
  expect(await delivery('release')).toMatchObject({ code: 0, answer: { released: true, held_parts: 0 } });
  expect(await delivery('release')).toMatchObject({ code: 0, answer: { released: false } });
  expect(await send()).toMatchObject({ code: 0, answer: { new: 6 } });
});

test('a lane that cannot be asked says so; a plan tells the time a lane takes', async () => {
  expect(await delivery('settle', '--lane', 'emial', '--since', '2021-12-21', '--look')).toMatchObject({ code: 2 });
  const looked = await delivery('settle', '--lane', 'office', '--since', '2021-12-21', '--look');
  expect(looked).toMatchObject({ code: 0, answer: { looked: 0, settled: 0 } });
  const before = await delivery('plan', 'daily', '--date', '2021-12-20');
  expect(before.answer[0].lanes).toContainEqual({ lane: 'email', parts: 3, seconds: null });
  await send();
  const after = await delivery('plan', 'daily', '--date', '2021-12-20');
  const email = after.answer[0].lanes.find(({ lane }: { lane: string }) => lane === 'email');
  expect(email.seconds).toBeGreaterThanOrEqual(0);
});

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { type TestMailServer, testMailServer } from '../send/channels/test-mail-server.ts';
import { type TestProject, testProject } from './test-project.ts';

let state: TestDatabase;
let mailbox: TestMailServer;
let project: TestProject;

const deliver = `  - { id: mail, channel: email, to: { list: all }, attach: [csv], subject: "{{ title }} for {{ recipient.name }}" }
  - { id: drop, channel: office, to: { list: all }, attach: [csv, html] }
`;

beforeEach(async () => {
  state = await testDatabase();
  mailbox = await testMailServer();
  const env = { WAREHOUSE_URL: state.url, STATE_URL: state.url, SMTP_URL: mailbox.url };
  project = testProject(env, { people: 3, deliver });
  expect((await project.run('engine', 'run')).code).toBe(0);
});
afterEach(async () => {
  project[Symbol.dispose]();
  await mailbox[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
});

const delivery = (...args: string[]) => project.run('delivery', ...args);
const dropped = () => ['p1', 'p2', 'p3'].flatMap((id) => readdirSync(join(project.root, 'out', id)));
const send = async (...more: string[]) => {
  const ran = await delivery('run', 'daily', '--date', '2021-12-21', '--json', ...more);
  return { ...ran, answer: JSON.parse(ran.out) };
};

test('a run sends each message once, and a second run finds them sent', async () => {
  const first = await send();
  expect([first.err, first.answer.error]).toEqual(['', undefined]);
  expect(first).toMatchObject({
    code: 0,
    answer: { report: 'daily', slot: '2021-12-21', editions: ['whole'], new: 6 },
  });
  expect(first.answer.messages.map((m: { state: string }) => m.state)).toEqual(Array(6).fill('sent'));
  expect(mailbox.raw).toHaveLength(3);
  expect(dropped()).toHaveLength(6);
  const mails = await mailbox.mails();
  expect(mails.map(({ subject }) => subject).sort()).toEqual(
    ['p1', 'p2', 'p3'].map((id) => `Daily sales for Person ${id}`),
  );
  expect(mails[0]?.attachments[0]?.filename).toBe('Daily sales 2021-12-21.csv');

  const second = await send();
  expect(second).toMatchObject({ code: 0, answer: { new: 0 } });
  expect(second.answer.messages).toEqual(first.answer.messages);
  expect([mailbox.raw.length, dropped().length]).toEqual([3, 6]);

  const again = await send('--resend');
  expect(again).toMatchObject({ code: 0, answer: { new: 6, resend: 1 } });
  expect([mailbox.raw.length, dropped().length]).toEqual([6, 12]);
});

test('runs that race send each message once', async () => {
  const runs = await Promise.all([1, 2, 3].map(() => send()));
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(runs.reduce((sum, { answer }) => sum + answer.new, 0)).toBe(6);
  expect(mailbox.raw).toHaveLength(3);
  expect(dropped()).toHaveLength(6);
});

test('plan, dry run and preview send nothing; status and log tell what was sent', async () => {
  expect(JSON.parse((await delivery('plan', 'daily', '--date', '2021-12-21', '--json')).out)).toMatchObject([
    { report: 'daily', slot: '2021-12-21', gate: 'open', held: null, messages: { length: 6 } },
  ]);
  expect((await delivery('run', 'daily', '--date', '2021-12-21', '--dry-run')).out).toContain('6 messages would go');
  const preview = JSON.parse((await delivery('preview', 'daily', '--date', '2021-12-21', '--json')).out);
  expect(preview.files).toHaveLength(2 + 6);
  expect(mailbox.raw).toHaveLength(0);
  await send();
  expect(JSON.parse((await delivery('status', '--json')).out)).toMatchObject({
    by_state: { sent: 6 },
    by_report: { daily: { sent: 6 } },
  });
  const lines = (await delivery('log', '--json')).out.trim().split('\n');
  const trail = lines.map((line) => JSON.parse(line));
  expect(trail.filter(({ event, outcome }) => event === 'attempt ended' && outcome === 'sent')).toHaveLength(3 + 6);
  expect(lines.join()).not.toMatch(/example\.com|p1/);
});

test('what is wrong is said with its exit code', async () => {
  expect(await delivery('run', 'dialy')).toMatchObject({
    code: 2,
    err: expect.stringContaining('Did you mean "daily"?'),
  });
  expect(await delivery('run', 'daily', '--dat', 'x')).toMatchObject({
    code: 2,
    err: expect.stringContaining('"--date"'),
  });
  expect(await delivery('run', 'daily', '--date', '2021-02-30')).toMatchObject({ code: 2 });
  expect(await delivery('run', 'daily', '--anyway')).toMatchObject({ code: 2 });
});

test('a mail server that is away is named, and the next run tries it again at once', async () => {
  const { port } = mailbox;
  await mailbox[Symbol.asyncDispose]();
  // The first refusal pauses the lane: the others may not have been tried, and say nothing of their own.
  const away = await send();
  expect([away.code, away.err]).toEqual([3, expect.stringMatching(/email: [123] queued: .*CONN/)]);
  mailbox = await testMailServer({}, () => true, port);
  const back = await send();
  expect([back.code, back.answer.new, mailbox.raw.length]).toEqual([0, 0, 3]);
});

test('a report that is not right stops no other, and is said', async () => {
  const broken = join(project.root, 'reports', 'broken');
  mkdirSync(broken);
  writeFileSync(join(broken, 'report.yml'), 'titel: x\n');
  const ran = await delivery('run', 'broken');
  expect(ran).toMatchObject({ code: 2, err: expect.stringContaining('reports/broken/report.yml:1') });
  expect((await send()).code).toBe(0);
});

test('a run waits for data that is not current, leaves nothing behind when told not to, and goes on when it is there', async () => {
  const model = join(project.root, 'models/kpi/store_daily.sql');
  writeFileSync(model, readFileSync(model, 'utf8').replace('* 1.10', '* 2.20'));
  const closed = await send();
  expect(closed).toMatchObject({ code: 3, answer: { messages: [], new: 0, waiting: [{ model: 'kpi.store_daily' }] } });
  expect(JSON.parse((await delivery('status', '--json')).out)).toMatchObject({ by_state: {}, slots: [] });

  const waiting = project.start('delivery', ['run', 'daily', '--date', '2021-12-21', '--wait']);
  await expect
    .poll(async () => (await delivery('status')).out, { timeout: 60_000, interval: 500 })
    .toContain('2021-12-21: waiting');
  expect((await project.run('engine', 'run')).code).toBe(0);
  expect((await waiting.ended).code).toBe(0);
  expect(mailbox.raw).toHaveLength(3);
});

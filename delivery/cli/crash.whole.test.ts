import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sql } from '#engine';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { type TestMailServer, testMailServer } from '../send/channels/test-mail-server.ts';
import { type TestProject, testProject } from './test-project.ts';

let state: TestDatabase;
let mailbox: TestMailServer;
let project: TestProject | undefined;
let answering = true;

beforeEach(async () => {
  answering = true;
  state = await testDatabase();
  mailbox = await testMailServer({}, () => answering);
});
afterEach(async () => {
  project?.[Symbol.dispose]();
  project = undefined;
  await mailbox[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
});

async function begin(people: number, deliver: string): Promise<TestProject> {
  const env = { WAREHOUSE_URL: state.url, STATE_URL: state.url, SMTP_URL: mailbox.url };
  project = testProject(env, { people, deliver });
  expect((await project.run('engine', 'run')).code).toBe(0);
  return project;
}

const args = (date = '2021-12-21') => ['run', 'daily', '--date', date, '--json'];
const byMail = '  - { id: mail, channel: email, to: { list: all }, attach: [csv] }\n';
const byDrop = '  - { id: drop, channel: office, to: { list: all }, attach: [csv] }\n';
const statesOf = (out: string): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { state: one } of JSON.parse(out).messages) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
};

test('killed between the final dot and the settling: unclear, named, and never sent again', async () => {
  const shop = await begin(6, byMail);
  answering = false;
  const run = shop.start('delivery', args());
  await expect.poll(() => mailbox.raw.length, { timeout: 60_000 }).toBe(4);
  run.process.kill('SIGKILL');
  await run.ended;
  mailbox.hangUp();
  answering = true;

  const next = await shop.run('delivery', ...args());
  expect(next.code).toBe(3);
  expect(statesOf(next.out)).toEqual({ unclear: 4, sent: 2 });
  const more = await shop.run('delivery', ...args());
  expect([more.code, statesOf(more.out)]).toEqual([3, { unclear: 4, sent: 2 }]);
  const keys = (await mailbox.mails()).map((mail) => mail.headers.get('x-tiffin-key'));
  expect([keys.length, new Set(keys).size]).toEqual([6, 6]);

  // A person looks into the mailbox and says so.
  const { id } = JSON.parse(more.out).messages.find((one: { state: string }) => one.state === 'unclear');
  const again = await shop.run('delivery', 'retry', id);
  expect([again.code, again.err]).toEqual([3, expect.stringContaining(`delivery settle ${id} --sent, or --not-sent`)]);
  expect((await shop.run('delivery', 'settle', id, '--sent')).code).toBe(0);
  expect(statesOf((await shop.run('delivery', ...args())).out)).toEqual({ unclear: 3, sent: 3 });
});

test('killed in the middle of entering messages: gone on with, nobody twice, nobody lost (lightdash 16251)', async () => {
  const people = 2_000;
  const shop = await begin(people, byDrop);
  const entered = sql`select count(*)::int as n from delivery_local.messages where slot_id = (select max(id) from delivery_local.slots where state = 'frozen')`;
  let caught = '';
  for (let day = 1; caught === '' && day <= 20; day += 1) {
    const date = `2021-12-${String(day).padStart(2, '0')}`;
    const run = shop.start('delivery', args(date));
    let gone = false;
    const ended = run.ended.then(() => {
      gone = true;
    });
    const count = async () => (await state.database.query<{ n: number }>(entered).catch(() => []))[0]?.n ?? 0;
    while (!gone && (await count()) === 0);
    run.process.kill('SIGKILL');
    await ended;
    const n = await count();
    if (n > 0 && n < people) caught = date;
  }
  expect(caught).not.toBe('');

  const next = await shop.run('delivery', ...args(caught));
  expect([next.code, statesOf(next.out)]).toEqual([0, { sent: people }]);
  const folders = readdirSync(join(shop.root, 'out'));
  expect(folders).toHaveLength(people);
  const files = folders.map((folder) =>
    readdirSync(join(shop.root, 'out', folder)).filter((name) => name.includes(caught)),
  );
  expect(files.every((names) => names.length === 1)).toBe(true);
});

test('killed at random, again and again: each part arrives once or is named unclear', async () => {
  const people = 120;
  const shop = await begin(people, byMail + byDrop);
  for (const pause of [1_500, 2_000, 2_500]) {
    const run = shop.start('delivery', args());
    const sentSome = mailbox.raw.length;
    await Promise.race([
      run.ended,
      expect
        .poll(() => mailbox.raw.length - sentSome, { timeout: pause })
        .toBe(17)
        .catch(() => {}),
    ]);
    run.process.kill('SIGKILL');
    await run.ended;
  }
  const last = await shop.run('delivery', ...args(), '--wait');
  const messages: { id: string; entry: string; state: string; recipient: string }[] = JSON.parse(last.out).messages;
  expect(messages).toHaveLength(2 * people);
  const received = (await mailbox.mails()).map((mail) => mail.headers.get('x-tiffin-key'));
  expect(new Set(received).size).toBe(received.length);
  const mails = messages.filter(({ entry }) => entry === 'mail');
  const sent = mails.filter(({ state: one }) => one === 'sent').length;
  const unclear = mails.filter(({ state: one }) => one === 'unclear').length;
  expect(sent + unclear).toBe(people);
  expect(received.length).toBeGreaterThanOrEqual(sent);
  expect(received.length).toBeLessThanOrEqual(people);
  // What a folder has can be looked up: nothing there is unclear, and each person has one file.
  expect(messages.filter(({ entry, state: one }) => entry === 'drop' && one !== 'sent')).toEqual([]);
  const folders = readdirSync(join(shop.root, 'out'));
  expect(folders.map((folder) => readdirSync(join(shop.root, 'out', folder)).length)).toEqual(Array(people).fill(1));
});

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { type TestMailServer, testMailServer } from '../send/channels/test-mail-server.ts';
import { type TestProject, testProject } from './test-project.ts';

let state: TestDatabase;
let mailbox: TestMailServer;
let project: TestProject;
let answering = true;

beforeEach(async () => {
  answering = true;
  state = await testDatabase();
  mailbox = await testMailServer({}, () => answering);
  const env = { WAREHOUSE_URL: state.url, STATE_URL: state.url, SMTP_URL: mailbox.url };
  const deliver = '  - { id: mail, channel: email, to: { list: all }, attach: [csv], body: "Good morning" }\n';
  project = testProject(env, { people: 12, deliver });
  expect((await project.run('engine', 'run')).code).toBe(0);
});
afterEach(async () => {
  project[Symbol.dispose]();
  await mailbox[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
});

/** Edits a file of the project; every change must find what it changes. */
function edit(path: string, ...changes: readonly (readonly [string, string])[]): void {
  const file = join(project.root, path);
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  writeFileSync(file, text);
}
const run = (date: string) => project.run('delivery', 'run', 'daily', '--date', date, '--json');
const mails = async () =>
  (await mailbox.mails()).map((mail) => ({
    to: [mail.to].flat()[0]?.value[0]?.address ?? '',
    subject: mail.subject,
    text: mail.text?.trim(),
    files: mail.attachments.map(({ filename, content }) => [filename, content.toString().split('\n')[0]?.trim()]),
  }));

test('audience, ladder, schedule and template edited in the middle of a slot: what was frozen is sent, the next is new', async () => {
  answering = false;
  const first = project.start('delivery', ['run', 'daily', '--date', '2021-12-21', '--json']);
  await expect.poll(() => mailbox.raw.length, { timeout: 60_000 }).toBe(4);
  first.process.kill('SIGKILL');
  await first.ended;
  mailbox.hangUp();
  answering = true;

  edit(
    'reports/recipients.yml',
    ['  p3: { name: Person p3, email: p3@example.com, phone: "+919800000003" }\n', ''],
    ['p5@example.com', 'moved@example.com'],
    ['lists:', '  p13: { name: Person p13, email: p13@example.com }\nlists:'],
    ['p3, ', ''],
    ['p12]', 'p13]'],
  );
  edit(
    'reports/daily/report.yml',
    ['title: Daily sales', 'title: Sales, edited'],
    ['0 8 * * *', '30 9 * * *'],
    ['channel: email', 'channel: [email, office]'],
    ['Good morning', 'Good evening'],
    ['attach: [csv]', 'attach: [html]'],
  );
  edit('reports/daily/stores.sql', ['store, amount', 'store, 2 * amount as amount']);

  const second = await run('2021-12-21');
  const answer = JSON.parse(second.out);
  const everybody = Array.from({ length: 12 }, (_, index) => `p${index + 1}@example.com`).sort();
  const sent = await mails();
  expect(sent.map(({ to }) => to).sort()).toEqual(everybody);
  expect(new Set(sent.map(({ subject, text, files }) => JSON.stringify([subject, text, files]))).size).toBe(1);
  expect(sent[0]).toMatchObject({ text: 'Good morning', files: [['Daily sales 2021-12-21.csv', expect.anything()]] });
  // What was being sent when the process was killed is unclear; nothing of it is sent twice, and nobody is left out.
  const states = answer.messages.map(({ state: one }: { state: string }) => one).sort();
  expect([second.code, answer.new, states]).toEqual([3, 0, [...Array(8).fill('sent'), ...Array(4).fill('unclear')]]);
  expect(existsSync(join(project.root, 'out'))).toBe(false);

  const next = JSON.parse((await run('2021-12-22')).out);
  const fresh = (await mails()).slice(12);
  const edited = everybody.filter((to) => !/^p(3|5|12)@/.test(to));
  expect(fresh.map(({ to }) => to).sort()).toEqual([...edited, 'moved@example.com', 'p13@example.com'].sort());
  expect(fresh[0]).toMatchObject({
    text: 'Good evening',
    files: [['Sales, edited 2021-12-22.html', expect.anything()]],
  });
  expect(next.new).toBe(11);
});

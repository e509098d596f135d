import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import {
  dovecotPackages,
  dovecotPrograms,
  type TestDovecot,
  testDovecot,
  whyWithout,
} from '../send/channels/test-dovecot.ts';
import { type TestMailServer, testMailServer } from '../send/channels/test-mail-server.ts';
import { type TestProject, testProject } from './test-project.ts';

const missing = whyWithout(dovecotPackages, dovecotPrograms);
const name = `with a journal${missing === undefined ? '' : ` (skipped: ${missing})`}`;

describe.skipIf(missing !== undefined)(name, () => {
  const user = 'journal@shop.example.com';
  let state: TestDatabase;
  let dovecot: TestDovecot;
  let mailbox: TestMailServer;
  let project: TestProject;
  let answering = true;

  /** What every mail server with a rule for copies does: the copy is there before the sender has its answer. */
  function keepCopy(): void {
    const folder = dovecot.folderOf(user);
    for (const path of ['', 'tmp', 'new', 'cur']) {
      mkdirSync(join(folder, path), { recursive: true });
      if (process.getuid?.() === 0) chownSync(join(folder, path), dovecot.uid, dovecot.uid);
    }
    const file = join(folder, 'new', `${Date.now()}.${mailbox.raw.length}.test`);
    writeFileSync(file, mailbox.raw.at(-1) ?? '');
    if (process.getuid?.() === 0) chownSync(file, dovecot.uid, dovecot.uid);
  }

  beforeEach(async () => {
    state = await testDatabase();
    dovecot = await testDovecot();
    answering = true;
    mailbox = await testMailServer({}, () => {
      keepCopy();
      return answering;
    });
    const env = {
      WAREHOUSE_URL: state.url,
      STATE_URL: state.url,
      SMTP_URL: mailbox.url,
      JOURNAL_URL: dovecot.url(user),
    };
    const deliver = '  - { id: mail, channel: email, to: { list: all }, attach: [csv] }\n';
    project = testProject(env, { people: 6, deliver, email: ', journal: { url: env:JOURNAL_URL }' });
    expect((await project.run('engine', 'run')).code).toBe(0);
  });
  afterEach(async () => {
    project[Symbol.dispose]();
    await mailbox[Symbol.asyncDispose]();
    await dovecot[Symbol.asyncDispose]();
    await state[Symbol.asyncDispose]();
  });

  test('killed between the final dot and the settling: the copies are found, nobody is asked, nobody gets two', async () => {
    const args = ['run', 'daily', '--date', '2021-12-21', '--json'];
    answering = false;
    const run = project.start('delivery', args);
    await expect.poll(() => mailbox.raw.length, { timeout: 60_000 }).toBe(4);
    run.process.kill('SIGKILL');
    await run.ended;
    mailbox.hangUp();
    answering = true;

    const next = await project.run('delivery', ...args);
    const states = JSON.parse(next.out).messages.map((message: { state: string }) => message.state);
    expect([next.code, states]).toEqual([0, Array(6).fill('sent')]);
    const keys = (await mailbox.mails()).map((mail) => mail.headers.get('x-tiffin-key'));
    expect([keys.length, new Set(keys).size]).toEqual([6, 6]);
    const trail = (await project.run('delivery', 'log', '--json')).out;
    expect(trail.match(/looked up/g)).toHaveLength(4);
  });
});

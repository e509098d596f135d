import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sql } from '#engine';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { type TestMailServer, testMailServer } from '../send/channels/test-mail-server.ts';
import { type TestProject, testProject } from './test-project.ts';

let state: TestDatabase;
let mailbox: TestMailServer;
let project: TestProject;

beforeEach(async () => {
  state = await testDatabase();
  mailbox = await testMailServer({}, async () => true);
  const env = {
    WAREHOUSE_URL: state.url,
    STATE_URL: state.url,
    SMTP_URL: mailbox.url,
    TIFFIN_SENDERS: 'office',
  };
  const deliver =
    '  - { id: mail, channel: email, to: { list: all }, attach: [csv] }\n  - { id: drop, channel: office, to: { list: all }, attach: [csv] }\nstart: 2026-01-01\n';
  project = testProject(env, { people: 5, deliver });
  expect((await project.run('engine', 'run')).code).toBe(0);
});
afterEach(async () => {
  project[Symbol.dispose]();
  await mailbox[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
});

const byLane = async () => {
  const rows = await state.database
    .query<{ lane: string; state: string; n: number }>(
      sql`select lane, state, count(*)::int as n from delivery_local.parts group by lane, state`,
    )
    .catch(() => []);
  return Object.fromEntries(rows.map(({ lane, state: one, n }) => [`${lane} ${one}`, n]));
};
const dropped = () => {
  const names = readdirSync(join(project.root, 'out'), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.csv')).length;
};

test('two processes, each its lanes; either may be killed, and nothing goes twice', async () => {
  const daemon = project.start('delivery', ['daemon']);
  await expect.poll(byLane, { timeout: 60_000 }).toEqual({ 'email sent': 5, 'office queued': 5 });
  daemon.process.kill('SIGKILL');
  await daemon.ended;
  const sender = project.start('delivery', ['sender', '--lane', 'office']);
  await expect.poll(byLane, { timeout: 60_000 }).toEqual({ 'email sent': 5, 'office sent': 5 });
  sender.process.kill('SIGKILL');
  await sender.ended;

  // By hand, the mails go from here and the files wait for their sender.
  const again = project.start('delivery', ['run', 'daily', '--resend']);
  const queued = { 'email sent': 10, 'office sent': 5, 'office queued': 5 };
  await expect.poll(byLane, { timeout: 60_000 }).toEqual(queued);
  const other = project.start('delivery', ['sender', '--lane', 'office']);
  expect((await again.ended).code).toBe(0);
  expect(await byLane()).toEqual({ 'email sent': 10, 'office sent': 10 });
  other.process.kill('SIGTERM');
  expect((await other.ended).code).toBe(0);
  expect([mailbox.raw.length, dropped()]).toEqual([10, 10]);
});

test('a lane that is not there is named, with the nearest', async () => {
  const sender = await project.run('delivery', 'sender', '--lane', 'ofice');
  expect([sender.code, sender.err]).toEqual([2, expect.stringContaining('office')]);
});

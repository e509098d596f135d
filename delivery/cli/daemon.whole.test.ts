import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { openLedger } from '../ledger/ledger.ts';
import { type TestMailServer, testMailServer } from '../send/channels/test-mail-server.ts';
import { type TestProject, testProject } from './test-project.ts';

let state: TestDatabase;
let mailbox: TestMailServer;
let project: TestProject;
let answers: Promise<boolean>;

beforeEach(async () => {
  answers = Promise.resolve(true);
  state = await testDatabase();
  mailbox = await testMailServer({}, () => answers);
  const env = { WAREHOUSE_URL: state.url, STATE_URL: state.url, SMTP_URL: mailbox.url };
  // Its slots start long ago: the newest of them is due at once, and the others are left out.
  const deliver = '  - { id: mail, channel: email, to: { list: all }, attach: [csv] }\nstart: 2026-01-01\n';
  project = testProject(env, { people: 10, deliver });
  expect((await project.run('engine', 'run')).code).toBe(0);
});
afterEach(async () => {
  project[Symbol.dispose]();
  await mailbox[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
});

const received = () => mailbox.raw.length;
const states = async () => {
  const { messages } = await openLedger(state.database, 'local');
  return Object.fromEntries((await messages.count(new Date(0))).map(({ state: one, count }) => [one, count]));
};

test('two daemons send what is due once, record what is left out, and stop when told (superset 22664)', async () => {
  const daemons = [project.start('delivery', ['daemon']), project.start('delivery', ['daemon'])];
  await expect.poll(received, { timeout: 60_000 }).toBe(10);
  await expect.poll(states, { timeout: 10_000 }).toEqual({ sent: 10 });
  for (const daemon of daemons) daemon.process.kill('SIGTERM');
  const ended = await Promise.all(daemons.map((daemon) => daemon.ended));
  expect(ended.map(({ code, err }) => [code, err.match(/"level":"error".*/)?.[0]])).toEqual([
    [0, undefined],
    [0, undefined],
  ]);
  expect(received()).toBe(10);
  const trail = await (await openLedger(state.database, 'local')).trail({ limit: 10_000 });
  expect(trail.filter(({ event }) => event === 'slot sealed')).toHaveLength(1);
  expect(trail.filter(({ event }) => event === 'slot skipped').length).toBeGreaterThan(100);
});

test('a daemon that is told to stop ends the sends under way and begins no other', async () => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  answers = promise;
  const daemon = project.start('delivery', ['daemon']);
  await expect.poll(received, { timeout: 60_000 }).toBe(4);
  daemon.process.kill('SIGTERM');
  await expect.poll(log).toContain('the daemon is stopping');
  resolve(true);
  expect((await daemon.ended).code).toBe(0);
  expect(await states()).toEqual({ sent: 4, queued: 6 });
});

const log = () => readFileSync(join(project.root, 'var/log/daemon.jsonl'), 'utf8');

test('SIGHUP: the project is read anew, and one that is not right changes nothing', async () => {
  const daemon = project.start('delivery', ['daemon']);
  await expect.poll(received, { timeout: 60_000 }).toBe(10);
  const file = join(project.root, 'project.yml');
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, `${before}  chanels: {}\n`);
  daemon.process.kill('SIGHUP');
  await expect.poll(log, { timeout: 30_000 }).toContain('goes on with the old one');
  writeFileSync(file, before);
  const report = join(project.root, 'reports/daily/report.yml');
  writeFileSync(report, readFileSync(report, 'utf8').replace('attach: [csv]', 'attach: [html]'));
  daemon.process.kill('SIGHUP');
  await expect.poll(() => log().split('the daemon is up').length, { timeout: 30_000 }).toBe(3);
  daemon.process.kill('SIGTERM');
  expect((await daemon.ended).code).toBe(0);
  expect(received()).toBe(10);
});

test('a daemon that npm started ends when npm does', async () => {
  const main = fileURLToPath(new URL('../main.mjs', import.meta.url));
  const env = { ...process.env, WAREHOUSE_URL: state.url, STATE_URL: state.url, SMTP_URL: mailbox.url };
  const npm = spawn('npm', ['exec', '--call', `"${process.execPath}" "${main}" daemon; exit $?`], {
    cwd: project.root,
    env,
  });
  const ended = once(npm, 'exit');
  await expect.poll(received, { timeout: 60_000 }).toBe(10);
  npm.kill('SIGKILL');
  await ended;
  await expect.poll(log, { timeout: 30_000 }).toContain('the daemon has stopped');
  expect(await states()).toEqual({ sent: 10 });
});

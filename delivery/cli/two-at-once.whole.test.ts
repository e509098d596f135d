import { afterEach, beforeEach, expect, test } from 'vitest';
import { sql } from '#engine';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { type TestProject, testProject } from './test-project.ts';
import { type MailStep, type RoughMailServer, roughMailServer } from './test-rough-mail-server.ts';
import { isAtRest, letTimePass, partsInLedger } from './test-sends.ts';

let state: TestDatabase;
let mailbox: RoughMailServer;
let project: TestProject;
let watch: (step: MailStep) => void = () => {};

beforeEach(async () => {
  watch = () => {};
  state = await testDatabase();
  mailbox = await roughMailServer({ manner: () => 'accept', refuses: () => false, at: (step) => watch(step) });
  const env = { WAREHOUSE_URL: state.url, STATE_URL: state.url, SMTP_URL: mailbox.url };
  // Its newest slot, of yesterday or the day before, is due at once; the others are left out.
  const deliver = '  - { id: mail, channel: email, to: { list: all }, attach: [csv] }\nstart: 2026-01-01\n';
  project = testProject(env, { people: 60, deliver });
  expect((await project.run('engine', 'run')).code).toBe(0);
});
afterEach(async () => {
  project[Symbol.dispose]();
  await mailbox[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
});

const stop = async (...started: readonly ReturnType<TestProject['start']>[]) => {
  for (const { process } of started) process.kill('SIGTERM');
  return Promise.all(started.map(({ ended }) => ended.then(({ code }) => code)));
};
const counts = async () => {
  const parts = await partsInLedger(state.database);
  return Object.fromEntries(
    Map.groupBy(parts, (part) => part.state)
      .entries()
      .map(([one, of]) => [one, of.length]),
  );
};

test('two daemons and two runs by hand of the same slot at once: nobody twice', async () => {
  const daemons = [project.start('delivery', ['daemon']), project.start('delivery', ['daemon'])];
  await expect.poll(() => isAtRest(state.database, 0), { timeout: 30_000 }).toBeDefined();
  // The slots of earlier days are recorded first, one by one, and left out: the one that is due is the first to be frozen.
  const due = sql`select slot from delivery_local.slots where state in ('frozen', 'sealed') limit 1`;
  const slot = async () => (await state.database.query<{ slot: string }>(due).catch(() => []))[0]?.slot;
  await expect.poll(slot, { timeout: 60_000, interval: 20 }).toBeDefined();
  const date = (await slot()) ?? '';
  const byHand = [1, 2].map(() => project.start('delivery', ['run', 'daily', '--date', date, '--json']));
  const codes = await Promise.all(
    byHand.map(({ ended }) => ended.then(({ code, err, out }) => ({ code, err, ...(code ? { out } : {}) }))),
  );
  expect(codes).toEqual([
    { code: 0, err: '' },
    { code: 0, err: '' },
  ]);
  await expect.poll(() => isAtRest(state.database, 1), { timeout: 60_000 }).toBe(true);
  expect(await stop(...daemons)).toEqual([0, 0]);
  expect(await counts()).toEqual({ sent: 60 });
  expect([mailbox.taken.length, new Set(mailbox.taken).size]).toEqual([60, 60]);
});

/** A daemon that is stopped (not ended) at a step of a mail, until its leases ran out and another took over. */
async function stopped(step: MailStep): Promise<void> {
  const sleeper = project.start('delivery', ['daemon']);
  let mails = 0;
  const asleep = new Promise<void>((resolve) => {
    watch = (one) => {
      // The server has its answer ready, and nobody is there to hear it.
      if (one !== step || ++mails < 10) return;
      sleeper.process.kill('SIGSTOP');
      watch = () => {};
      resolve();
    };
  });
  await asleep;
  await letTimePass(state.database);
  const other = project.start('delivery', ['daemon']);
  const log = async () => counts();
  await expect.poll(log, { timeout: 60_000 }).toEqual({ sent: expect.any(Number), unclear: expect.any(Number) });
  sleeper.process.kill('SIGCONT');
  // It has heard of the answers to what it sent when it ends by itself.
  expect(await stop(sleeper, other)).toEqual([0, 0]);
}

test('a daemon stopped before the final dot and woken after its lease does not write it any more', async () => {
  await stopped('to');
  const parts = await partsInLedger(state.database);
  const took = new Set(mailbox.taken);
  expect(took.size).toBe(mailbox.taken.length);
  const unclear = parts.filter((part) => part.state === 'unclear');
  expect(unclear.length).toBeGreaterThan(0);
  expect(parts.filter((part) => part.state === 'sent').filter(({ key }) => !took.has(key))).toEqual([]);
  // What it was about to send stays unclear: it was not sent, and nobody else dared to.
  expect(unclear.filter(({ key }) => took.has(key)).length).toBe(0);
  expect(await counts()).toEqual({ sent: 60 - unclear.length, unclear: unclear.length });
});

test('a daemon stopped after the final dot and woken after its lease: nobody twice, and what it can still say it says', async () => {
  await stopped('dotted');
  const took = new Set(mailbox.taken);
  expect(took.size).toBe(mailbox.taken.length);
  const parts = await partsInLedger(state.database);
  expect(parts.filter((part) => part.state === 'sent').every(({ key }) => took.has(key))).toBe(true);
  // An answer that came too late may have been lost with its transaction; then the part is unclear, never queued.
  const others = parts.filter((part) => part.state !== 'sent');
  expect(others.map((part) => part.state)).toEqual(others.map(() => 'unclear'));
  expect(parts.filter(({ key }) => took.has(key)).length).toBe(took.size);
});

import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { type TestProject, testProject } from './test-project.ts';
import {
  type MailStep,
  type Manner,
  mailSteps,
  manners,
  type RoughMailServer,
  roughMailServer,
} from './test-rough-mail-server.ts';
import { isAtRest, letTimePass, partsInLedger, seeded } from './test-sends.ts';

/** `npm run test:sends` sends 1,000 mails; the seed of a run that failed is in its message. */
const slots = Number(process.env['TIFFIN_SENDS'] ?? 100) / 100;
const people = 100;
const seed = Number(process.env['TIFFIN_SEED'] ?? 1);
const random = seeded(seed);

let state: TestDatabase;
let mailbox: RoughMailServer;
let project: TestProject;
/** What the test wants to know of the server's steps while a daemon runs. */
let watch: (step: MailStep) => void = () => {};
/** In the last rounds the server is well again, so that what is tried again comes to an end. */
let well = false;

/** Half of the mails meet a server in a bad mood. */
const manner = (): Manner => {
  if (well || random() < 0.5) return 'accept';
  return manners[Math.floor(random() * manners.length)] ?? 'accept';
};
/** Three of the hundred have left. */
const refused = (address: string) => /^p(7|49|93)@/.test(address);

beforeEach(async () => {
  state = await testDatabase();
  mailbox = await roughMailServer({ manner, refuses: refused, at: (step) => watch(step) });
  const env = { WAREHOUSE_URL: state.url, STATE_URL: state.url, SMTP_URL: mailbox.url };
  // The report is due at 8 in India, 2:30 in UTC: its newest slot is today's or yesterday's.
  const first = new Date(Date.now() - 2.5 * 3_600_000 - (slots - 1) * 24 * 3_600_000).toISOString().slice(0, 10);
  const deliver = `  - { id: mail, channel: email, to: { list: all }, attach: [csv] }\nstart: ${first}\nbacklog: all\n`;
  project = testProject(env, { people, deliver });
  expect((await project.run('engine', 'run')).code).toBe(0);
});
afterEach(async () => {
  project[Symbol.dispose]();
  await mailbox[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
});

/** Runs a daemon until it is killed: at the n-th time that the server comes to a step, or after some milliseconds. */
async function killedDaemon(at: MailStep | undefined, when: number): Promise<void> {
  const daemon = project.start('delivery', ['daemon']);
  const kill = () => daemon.process.kill('SIGKILL');
  let left = when;
  watch = (step) => {
    if (step === at && --left === 0) kill();
  };
  const timer = setTimeout(kill, at === undefined ? when : 20_000);
  const rest = setInterval(async () => {
    if (await isAtRest(state.database, slots)) kill();
  }, 500);
  await daemon.ended;
  clearTimeout(timer);
  clearInterval(rest);
  watch = () => {};
  await letTimePass(state.database).catch(() => {});
}

test(`${slots * people} mails, a daemon killed at every step and at random, a rough server: none twice, none lost, the unclear ones named`, async () => {
  let kills = 0;
  // First while slots are made: a daemon is up after about a second.
  for (const milliseconds of [700, 1_000, 1_300, 1_600, 1_900]) {
    await killedDaemon(undefined, milliseconds);
    kills += 1;
  }
  const most = 12 * slots;
  while (!(await isAtRest(state.database, slots))) {
    well = kills > most;
    if (kills > 2 * most) throw new Error(`seed ${seed}: it does not come to an end`);
    const step = mailSteps[kills % (mailSteps.length + 1)];
    if (well) await killedDaemon(undefined, 60_000);
    else if (step === undefined) await killedDaemon(undefined, 1_000 + random() * 2_000);
    else await killedDaemon(step, 1 + Math.floor(random() * 8 * slots));
    kills += 1;
  }

  const parts = await partsInLedger(state.database);
  const times = new Map<string, number>();
  for (const key of mailbox.taken) times.set(key, (times.get(key) ?? 0) + 1);
  const known = new Set(parts.map(({ key }) => key));
  const sent = parts.filter((part) => part.state === 'sent');
  const unclear = parts.filter((part) => part.state === 'unclear' || part.state === 'held');
  // Who was refused for good is not written to again by later slots.
  const failed = parts.filter((part) => part.state === 'failed' || part.state === 'suppressed');
  const went = unclear.filter(({ key }) => times.has(key)).length;
  const told = {
    seed,
    kills,
    parts: parts.length,
    sent: sent.length,
    failed: failed.length,
    unclear: unclear.length,
    went,
  };
  process.stderr.write(`${JSON.stringify({ ...told, ...Object.fromEntries(mailbox.counts) })}\n`);

  expect({ ...told, twice: [...times].filter(([, n]) => n > 1) }).toEqual({ ...told, twice: [] });
  expect([...times.keys()].filter((key) => !known.has(key))).toEqual([]);
  // Each person of each slot has one part, and each part has come to an end that the server agrees with.
  expect(new Set(parts.map(({ slot, recipient }) => `${slot} ${recipient}`)).size).toBe(slots * people);
  expect(sent.length + failed.length + unclear.length).toBe(parts.length);
  expect(sent.filter(({ key }) => !times.has(key))).toEqual([]);
  expect(failed.filter(({ key }) => times.has(key))).toEqual([]);
  expect(mailbox.taken).toHaveLength(sent.length + went);
  // Whoever has left fails in every slot, unless a kill left it open whether the mail was taken.
  expect(parts.filter((part) => refused(`${part.recipient}@`) && part.state === 'sent')).toEqual([]);

  // The unclear ones are named to people, too.
  const { out, code } = await project.run('delivery', 'status', '--json');
  expect([code, JSON.parse(out).by_state.unclear ?? 0]).toEqual([unclear.length > 0 ? 3 : 0, unclear.length]);
}, 3_600_000);

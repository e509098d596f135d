import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sql } from '#engine';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { browserOf } from '../send/channels/whatsapp-web/profile.ts';
import { openStandIn } from '../send/channels/whatsapp-web/stand-in/server.ts';
import type { Manner, StandIn } from '../send/channels/whatsapp-web/stand-in/stand-in.ts';
import { type TestProject, testProject } from './test-project.ts';
import { letTimePass, partsInLedger, retryNow, seeded } from './test-sends.ts';

/** `npm run test:whatsapp-web` sends 500 parts, two a person; the seed of a run that failed is in its message. */
const parts = Number(process.env['TIFFIN_WHATSAPP'] ?? 20);
const people = parts / 2;
const seed = Number(process.env['TIFFIN_SEED'] ?? 1);
const random = seeded(seed);
const steps = ['opened', 'clicked', 'taken', 'ticked'] as const;
type Step = (typeof steps)[number];

let state: TestDatabase;
let standIn: StandIn;
let project: TestProject;
let watch: (step: Step) => void = () => {};

/** A third of the messages meet trouble. */
const manner = (): Manner => {
  if (random() < 0.66) return 'tick';
  return (['slow', 'late', 'lost', 'never'] as const)[Math.floor(random() * 4)] ?? 'tick';
};

beforeEach(async () => {
  state = await testDatabase();
  standIn = await openStandIn({ linked: true, manner, slowMs: 500, at: (step) => watch(step) });
  const env = { WAREHOUSE_URL: state.url, STATE_URL: state.url, SMTP_URL: 'smtp://127.0.0.1:1' };
  const channels = `    whatsapp: { kind: whatsapp-web, url: ${standIn.url}, gap: 0s..0s, tick: 2s, settle: 10s, warm_up: 9999, per_day: 9999, new_per_day: 9999 }\n`;
  // Due at 8 in India: its newest slot is today's or yesterday's.
  const first = new Date(Date.now() - 2.5 * 3_600_000).toISOString().slice(0, 10);
  const deliver = `  - { id: phones, channel: whatsapp, to: { list: all }, attach: [csv, html], caption: Sales of the day }\nstart: ${first}\nbacklog: all\n`;
  project = testProject(env, { people, deliver, channels });
  expect((await project.run('engine', 'run')).code).toBe(0);
});
afterEach(async () => {
  project[Symbol.dispose]();
  await standIn[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
});

const counts = async () => {
  const rows = await state.database
    .query<{ state: string; n: number }>(sql`select state, count(*)::int as n from delivery_local.parts group by state`)
    .catch(() => []);
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
};
const isDone = async () => {
  const found = await counts();
  return found['sent'] === parts;
};

test.skipIf(!existsSync(process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'))(
  `${parts} parts by WhatsApp Web, daemon and browser killed at every step: none twice, none lost, each unclear one settled by its chat`,
  async () => {
    const profile = join(project.root, 'var/whatsapp-web/whatsapp/profile');
    const killed = { daemon: 0, browser: 0 };
    const most = Math.max(4, Math.ceil(parts / 12));
    for (let round = 0; !(await isDone()); round += 1) {
      if (round > 6 * most)
        throw new Error(`seed ${seed}: it does not come to an end: ${JSON.stringify(await counts())}`);
      const daemon = project.start('delivery', ['daemon']);
      const step = steps[round % steps.length];
      let left = round < most ? 1 + Math.floor(random() * 6) : Number.POSITIVE_INFINITY;
      const end = () => {
        killed.daemon += 1;
        daemon.process.kill('SIGKILL');
      };
      // Of three kills one is the browser's alone: the daemon opens another.
      const kill = async () => {
        const browser = round % 3 === 1 ? await browserOf(profile) : undefined;
        if (browser === undefined) return end();
        killed.browser += 1;
        process.kill(browser, 'SIGKILL');
        left = 1 + Math.floor(random() * 6);
        round += 1;
      };
      watch = (seen) => {
        if (seen === step && --left === 0) void kill();
      };
      const rest = setInterval(async () => {
        standIn.tickAll();
        await retryNow(state.database).catch(() => {});
        if (await isDone()) daemon.process.kill('SIGTERM');
      }, 1_000);
      const tooLong = setTimeout(end, 120_000);
      await daemon.ended;
      clearInterval(rest);
      clearTimeout(tooLong);
      watch = () => {};
      await letTimePass(state.database).catch(() => {});
    }

    const ledger = await partsInLedger(state.database);
    const references = await state.database.query<{ reference: string }>(
      sql`select reference from delivery_local.parts`,
    );
    const settled = await state.database.query<{ outcome: string; n: number }>(
      sql`select outcome, count(*)::int as n from delivery_local.events where event = 'looked up' group by outcome`,
    );
    const taken = standIn.taken();
    const told = { seed, killed, settled };
    process.stderr.write(`${JSON.stringify(told)}\n`);
    const times = references.map(({ reference }) => taken.filter(({ text }) => text.includes(reference)).length);
    expect({ ...told, times: times.filter((n) => n !== 1) }).toEqual({ ...told, times: [] });
    expect([ledger.length, taken.length]).toEqual([parts, parts]);
    expect(killed.daemon).toBeGreaterThan(0);
    // Each went to its own chat, two to everybody.
    expect(standIn.chats.map(({ messages }) => messages.length)).toEqual(Array.from({ length: people }, () => 2));
  },
  3_600_000,
);

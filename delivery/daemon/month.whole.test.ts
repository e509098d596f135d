import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog, sql } from '#engine';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { type TestProject, testProject } from '../cli/test-project.ts';
import { type RoughMailServer, roughMailServer } from '../cli/test-rough-mail-server.ts';
import { openHouse } from '../house.ts';
import { openLedger } from '../ledger/ledger.ts';
import type { Channel, Receipt } from '../send/channel.ts';
import { type AfterClose, afterClose } from '../send/channels/baileys/closing.ts';
import { lanesRound, receiptRound, type Sending, unclearRound } from './lane-rounds.ts';
import { noticeRound } from './notice-rounds.ts';
import { usualRounds } from './rounds.ts';
import { slotRound } from './slot-round.ts';
import { type VirtualClock, virtualClock } from './test-virtual-clock.ts';

/** December 2021: a daily report at 8 in India (2:30), good for 20 hours, to ten phones. */
const from = '2021-12-03T00:00:00Z';
const until = '2021-12-31T00:00:00Z';
const hour = 3_600_000;
const people = 10;
const at = (text: string) => new Date(text).getTime();

/** What stands in the way of the lane, and when. */
const troubles = [
  // The phone unlinks the device in the night, and is paired again two and a half days later.
  { begin: at('2021-12-05T20:00:00Z'), end: at('2021-12-08T06:00:00Z'), reason: wordsOf(401) },
  { begin: at('2021-12-12T02:00:00Z'), end: at('2021-12-13T09:00:00Z'), reason: wordsOf(403) },
  // A browser's page has changed; it is put right on the same day.
  { begin: at('2021-12-28T00:00:00Z'), end: at('2021-12-28T12:00:00Z'), reason: 'the page is not as it is known' },
] as const;
/** Somebody's phone is off for two weeks: WhatsApp keeps what is sent to it. */
const off = { phone: '+919800000003', begin: at('2021-12-14T00:00:00Z'), end: at('2021-12-28T00:00:00Z') };

function wordsOf(code: number): string {
  const after: AfterClose = afterClose({ kind: 'theirs', code });
  return after.reason;
}

let state: TestDatabase;
let mailbox: RoughMailServer;
let project: TestProject;
let clock: VirtualClock;
const signal = new AbortController().signal;
const env = () => ({ WAREHOUSE_URL: state.url, STATE_URL: state.url, SMTP_URL: mailbox.url });

beforeEach(async () => {
  state = await testDatabase();
  mailbox = await roughMailServer({ manner: () => 'accept', refuses: () => false, at: () => {} });
  const deliver = `  - { id: phones, channel: whatsapp, to: { list: all }, attach: [csv] }\nstart: 2021-12-03\nuseful_until: 20h\nowners: ["email:owner@example.com", "whatsapp:+919800000001"]\n`;
  project = testProject(env(), { people, deliver, channels: '    whatsapp: { kind: baileys }\n' });
  expect((await project.run('engine', 'run')).code).toBe(0);
  await openLedger(state.database, 'local');
  clock = await virtualClock(state.database, 'delivery_local', new Date(from));
});
afterEach(async () => {
  project[Symbol.dispose]();
  await mailbox[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
});

/** A phone channel that has the month's troubles, each as the real one tells it. Nobody but it knows what arrived. */
function scripted() {
  const taken: { readonly id: string; readonly address: string; readonly at: number }[] = [];
  const told = new Set<string>();
  const channel: Channel = {
    async send(part) {
      const now = clock.now().getTime();
      const trouble = troubles.find(({ begin, end }) => now >= begin && now < end);
      if (trouble) return { kind: 'later', reason: trouble.reason, at: new Date(now + hour), scope: 'lane' };
      taken.push({ id: part.key, address: part.address, at: now });
      return { kind: 'accepted', providerId: part.key };
    },
    async collect(cursor) {
      const now = clock.now().getTime();
      const isOff = (address: string) => address === off.phone && now >= off.begin && now < off.end;
      const receipts = taken.flatMap(({ id, address, at: sentAt }): Receipt[] => {
        if (told.has(id) || isOff(address) || sentAt === now) return [];
        told.add(id);
        return [{ of: { providerId: id }, kind: 'delivered', at: new Date(sentAt) }];
      });
      return { receipts, cursor: cursor ?? '', more: false };
    },
    [Symbol.asyncDispose]: async () => {},
  };
  return { taken, channel };
}

interface Counted {
  readonly slot: string;
  readonly state: string;
  readonly n: number;
}
const counts = () =>
  state.database.query<Counted>(sql`
    select s.slot, p.state, count(*)::int as n from delivery_local.parts p
    join delivery_local.messages m on m.id = p.message_id join delivery_local.slots s on s.id = m.slot_id
    where s.report = 'daily' group by 1, 2 order by 1, 2`);
const notices = async () => {
  const rows = await state.database.query<{ lane: string; text: string }>(sql`
    select p.lane, (m.content ->> 'subject') || ' / ' || (m.content ->> 'text') as text
    from delivery_local.parts p join delivery_local.messages m on m.id = p.message_id
    join delivery_local.slots s on s.id = m.slot_id where s.report = '(owners)' order by p.id`);
  return rows;
};

test('a month with a logout, a restriction, a phone that is off and a changed page: told once each by another channel, nothing lost, what expired is named', async () => {
  const { taken, channel } = scripted();
  const opened = await openHouse({
    folder: project.root,
    environment: env(),
    target: undefined,
    signal,
    logName: 'daemon',
    now: clock.now,
  });
  expect(opened.problems).toEqual([]);
  // Data of a day is there when it is over.
  const coverage = async () =>
    new Map([
      [
        'kpi.store_daily',
        { days: [{ from: '2021-11-01', until: clock.now().toISOString().slice(0, 10) }], builds: [] },
      ],
    ]);
  const house = {
    ...opened,
    log: silentLog,
    channel: (lane: string) => (lane === 'whatsapp' ? channel : opened.channel(lane)),
    prepareTools: async () => ({ ...(await opened.prepareTools()), coverage }),
  };
  const looks = { lookedAt: new Map<string, number>(), failedAt: new Map<string, number>() };
  const sending: Sending = new Map();
  let waitedForPhone = 0;
  for (let time = at(from); time < at(until); time += hour / 2) {
    // Every three hours, and when the report ticks.
    if (time % (3 * hour) !== 0 && time % (24 * hour) !== 2.5 * hour) continue;
    await clock.set(new Date(time));
    await slotRound(house, looks, usualRounds, signal);
    await lanesRound(house, sending, usualRounds, signal);
    await Promise.all(sending.values());
    await unclearRound(house, usualRounds, signal);
    await receiptRound(house, signal);
    await noticeRound(house);
    if (time === off.end - 3 * hour)
      waitedForPhone = (await counts()).reduce((sum, row) => sum + (row.state === 'sent' ? row.n : 0), 0);
  }
  await opened[Symbol.asyncDispose]();

  // Nothing lost, nothing twice: each person of each slot has a part that arrived or has expired.
  const rows = await counts();
  const total = (...states: readonly string[]) =>
    rows.filter((row) => states.includes(row.state)).reduce((sum, { n }) => sum + n, 0);
  const slots = new Set(rows.map(({ slot }) => slot)).size;
  expect([slots, total('delivered', 'expired')]).toEqual([28, 28 * people]);
  expect(new Set(taken.map(({ id }) => id)).size).toBe(taken.length);
  // Two mornings passed while the device was unlinked, and one while it was restricted; the others waited and went.
  const expired = rows.filter((row) => row.state === 'expired');
  expect(expired.map(({ slot, n }) => [slot, n])).toEqual([
    ['2021-12-05', people],
    ['2021-12-06', people],
    ['2021-12-11', people],
  ]);
  // What was sent to the phone that was off stayed sent, and was delivered when it came back.
  expect(waitedForPhone).toBe(14);

  const told = await notices();
  expect(told.filter(({ lane }) => lane !== 'email')).toEqual([]);
  for (const { reason } of troubles) {
    expect([
      reason,
      told.filter(({ text }) => text.includes('Nothing can be sent by whatsapp') && text.includes(reason)).length,
    ]).toEqual([reason, 1]);
  }
  for (const { slot } of expired) {
    expect([
      slot,
      told.filter(({ text }) => text.startsWith(`daily ${slot}: ${people} messages expired`)).length,
    ]).toEqual([slot, 1]);
  }
  expect(told).toHaveLength(troubles.length + expired.length);
});

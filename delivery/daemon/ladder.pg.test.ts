import { afterEach, expect, test } from 'vitest';
import { sql } from '#engine';
import { testDatabase } from '../../engine/warehouse/test-database.ts';
import { openPublic } from '../api/public.ts';
import { freePort } from '../cli/test-phones.ts';
import { isAtRest, letTimePass, seeded } from '../cli/test-sends.ts';
import { hearWebhook } from '../confirm/hear.ts';
import { lookForUnclear } from '../confirm/look.ts';
import type { Rung } from '../edition/plan-messages.ts';
import { openLedger } from '../ledger/ledger.ts';
import { testMessage, testSlot } from '../ledger/test-ledger.ts';
import type { Channel } from '../send/channel.ts';
import { phoneTools, png } from '../send/channels/http/test-part.ts';
import { type Fate, type Manner, manners } from '../send/channels/http/test-rough-provider.ts';
import { referenceOfMessage } from '../send/channels/rcs/message.ts';
import { rcs } from '../send/channels/rcs/rcs.ts';
import { rcsStandIn } from '../send/channels/rcs/test-stand-in.ts';
import { twilioStandIn } from '../send/channels/twilio/test-stand-in.ts';
import { twilio } from '../send/channels/twilio/twilio.ts';
import { cloudStandIn } from '../send/channels/whatsapp-cloud/test-stand-in.ts';
import { whatsappCloud } from '../send/channels/whatsapp-cloud/whatsapp-cloud.ts';
import { defaultLeases, sendLane } from '../send/send-lane.ts';

const people = 1_000;
const lanes = ['whatsapp', 'rcs', 'sms'] as const;
type LaneName = (typeof lanes)[number];

let closing = new AsyncDisposableStack();
afterEach(async () => {
  await closing.disposeAsync();
  closing = new AsyncDisposableStack();
});

/** What becomes of the n-th person's message on each rung. */
function fateOf(lane: LaneName, n: number): Fate {
  if (lane === 'whatsapp') {
    if (n % 4 === 0) return { kind: 'failed', code: n % 8 === 0 ? 131026 : 131049 };
    if (n % 9 === 0) return { kind: 'refused', code: 131030 };
    return { kind: n % 7 === 0 ? 'silent' : n % 2 === 0 ? 'delivered' : 'read' };
  }
  if (lane === 'rcs') {
    if (n % 3 === 0) return { kind: 'refused', code: 404 };
    if (n % 5 === 0) return { kind: 'failed', code: 0 };
    return { kind: n % 7 === 0 ? 'silent' : 'read' };
  }
  return n % 15 === 0 ? { kind: 'failed', code: 30003 } : { kind: 'delivered' };
}
const numberOf = (phone: string) => Number(phone.slice(-4));
const phoneOf = (n: number) => `+9198${String(n).padStart(8, '0')}`;

/** Where the ladder ends by what the providers say, when nothing is lost on the way. */
function endOf(n: number): string {
  for (const lane of lanes) {
    const { kind } = fateOf(lane, n);
    if (kind !== 'failed' && kind !== 'refused') return `${lane} ${kind === 'silent' ? 'sent' : kind}`;
  }
  return 'sms failed';
}

test('a ladder for a thousand: nobody has two rungs unless the first was reported failed, and totals add up', async () => {
  const random = seeded(1);
  let well = false;
  const manner = (): Manner => {
    if (well || random() < 0.9) return 'accept';
    const how = manners[Math.floor(random() * manners.length)] ?? 'accept';
    // Each of these takes a second of four senders' time.
    return how.startsWith('hang') && random() < 0.7 ? 'cut-after' : how;
  };
  const port = await freePort();
  const hook = (lane: LaneName) => `http://127.0.0.1:${port}/w/${lane}`;
  const fate = (lane: LaneName) => (to: string) => fateOf(lane, numberOf(to));
  const cloudKnown = { token: 'T', appSecret: 'S', phoneNumberId: '106', webhook: hook('whatsapp') };
  const meta = closing.use(await cloudStandIn({ ...cloudKnown, random, manner, fate: fate('whatsapp') }));
  const rcsKnown = { agent: 'shop', clientToken: 'C', webhook: hook('rcs') };
  const google = closing.use(await rcsStandIn({ ...rcsKnown, random, manner, fate: fate('rcs') }));
  const carrier = closing.use(await twilioStandIn({ account: 'AC1', token: 'T', random, manner, fate: fate('sms') }));
  const given = { url: meta.url, phone_number_id: '106', token: 'env:T', app_secret: 'env:S', verify_token: 'env:V' };
  const env = { T: 'T', S: 'S', V: 'V', C: 'C', K: google.credentials };
  const tools = (lane: LaneName) => phoneTools(env, hook(lane));
  const timeout = '1s';
  const rcsGiven = { agent: 'shop', credentials: 'env:K', webhook_token: 'env:C', url: google.url, timeout };
  const smsGiven = { by: 'sms', account: 'AC1', token: 'env:T', from: '+15005550006', url: carrier.url, timeout };
  const channels: Readonly<Record<LaneName, Channel>> = {
    whatsapp: whatsappCloud.open('whatsapp', whatsappCloud.settings.parse({ ...given, timeout }), tools('whatsapp')),
    rcs: rcs.open('rcs', rcs.settings.parse(rcsGiven), tools('rcs')),
    sms: twilio.open('sms', twilio.settings.parse(smsGiven), tools('sms')),
  };

  const state = closing.use(await testDatabase());
  const ledger = await openLedger(state.database, 'local');
  const now = () => new Date();
  const quiet = { error: () => {}, warn: () => {} };
  closing.use(
    await openPublic(
      { host: '127.0.0.1', port },
      {
        secret: ledger.secret,
        files: { read: async () => new Uint8Array() },
        unsubscribe: async () => false,
        hear: (lane, request) => hearWebhook(ledger.receipts, channels[lane as LaneName], lane, request, now()),
        now,
        log: quiet,
      },
    ),
  );
  const slot = testSlot('2021-12-21');
  const { id } = await ledger.slots.open(slot, { asked: false, resend: 0 });
  await ledger.slots.freeze(id, 'f'.repeat(64));
  await ledger.editions.add(id, [{ key: 'whole', rowsSha256: 'r' }]);
  const messages = Array.from({ length: people }, (_, n) => {
    const message = testMessage(ledger.secret, slot.id, `p${n}`);
    const rungs: Rung[] = lanes.map((lane) => {
      return { lane, address: phoneOf(n), split: lane === 'sms' ? 'whole' : 'by-file' };
    });
    return { ...message, rungs, content: { ...message.content, caption: `Sales, ${n}`, attachments: [png] } };
  });
  await ledger.messages.add(id, messages);
  await ledger.slots.seal(id);

  const signal = new AbortController().signal;
  const isDone = async () => {
    if (!(await isAtRest(state.database, 1)) || meta.news.pending + google.news.pending > 0) return false;
    const [left] = await state.database.query<{ n: number }>(sql`
      select count(*)::int as n from delivery_local.parts where state in ('unclear', 'queued')`);
    return left?.n === 0;
  };
  for (let round = 0; !(await isDone()); round += 1) {
    well = round > 3;
    if (round > 50) throw new Error('it does not come to an end');
    await Promise.all(
      lanes.map(async (lane) => {
        const work = { lane, owner: 'me', parallel: 8 };
        const lane_ = { ledger: ledger.sending, channel: channels[lane], log: quiet, leases: defaultLeases, now };
        await sendLane(lane_, work, signal);
      }),
    );
    await Promise.all([meta.news.drained(), google.news.drained(), carrier.news.drained()]);
    // An hour later: what was to be tried again is, and what is unclear is looked for, or held.
    await letTimePass(state.database);
    await state.database.query(sql`update delivery_local.attempts set started_at = started_at - interval '1 hour'`);
    for (const lane of lanes) {
      await lookForUnclear(ledger.unclear, channels[lane], { lane, holdAfter: 600 }, now(), signal);
    }
  }

  const held = await ledger.messages.list(id);
  const ends = new Map(
    held.map((message) => [Number(message.recipient.slice(1)), `${message.channel} ${message.state}`]),
  );
  const counts = new Map<string, number>();
  for (const end of ends.values()) counts.set(end, (counts.get(end) ?? 0) + 1);
  process.stderr.write(`${JSON.stringify(Object.fromEntries([...counts].sort()))}\n`);

  // Totals add up, and each one ends where the providers say; only what Meta never told of waits for a person.
  expect([...counts.values()].reduce((sum, n) => sum + n, 0)).toBe(people);
  const astray = [...ends].filter(([n, end]) => end !== endOf(n));
  const byMeta = new Set(meta.taken.map(({ to }) => numberOf(to)));
  const byRcs = new Set(google.taken.map(({ to }) => numberOf(to)));
  const bySms = new Set(carrier.taken.map(({ to }) => numberOf(to)));
  expect(astray.filter(([, end]) => end !== 'whatsapp held')).toEqual([]);
  expect(astray.filter(([n]) => byMeta.has(n) && fateOf('whatsapp', n).kind !== 'silent')).toEqual([]);
  expect(astray.length).toBeLessThan(people / 20);
  // Nobody has anything twice on a rung, and a second rung only after the first was reported failed or never taken.
  expect([meta.taken.length, carrier.taken.length]).toEqual([byMeta.size, bySms.size]);
  expect(new Set(google.taken.map(({ messageId }) => referenceOfMessage(messageId))).size).toBe(byRcs.size);
  const failedOn = (lane: LaneName, n: number) => ['failed', 'refused'].includes(fateOf(lane, n).kind);
  const wrong = [...ends.keys()].filter(
    (n) =>
      (byMeta.has(n) && (byRcs.has(n) || bySms.has(n)) && !failedOn('whatsapp', n)) ||
      (byRcs.has(n) && bySms.has(n) && !failedOn('rcs', n)),
  );
  expect(wrong).toEqual([]);
}, 600_000);

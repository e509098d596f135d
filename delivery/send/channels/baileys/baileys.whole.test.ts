import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import jsqr from 'jsqr';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from '#engine';
import { type TestDatabase, testDatabase } from '../../../../engine/warehouse/test-database.ts';
import { partReference } from '../../../enqueue/key.ts';
import { openLedger } from '../../../ledger/ledger.ts';
import { readPng } from '../../../render/png-bytes.ts';
import type { Channel, PairingStep, Part } from '../../channel.ts';
import { baileys } from './baileys.ts';
import { baileysVersion, loadBaileys } from './library.ts';
import { messageId } from './message-id.ts';
import { installedBaileys, linkBaileys, loadTools } from './stand-in/install.ts';
import { hasOpenssl } from './stand-in/media.ts';
import { openStandIn } from './stand-in/server.ts';
import type { Manner, StandIn } from './stand-in/stand-in.ts';
import type { Tools } from './stand-in/tools.ts';

const installed = hasOpenssl ? await installedBaileys() : undefined;

let tools: Tools;
let state: TestDatabase;
let root: string;
let server: StandIn;
let manner: Manner = 'accept';
let refused: number | undefined;
const signal = AbortSignal.timeout(600_000);
const files = new Map<string, Uint8Array>();

beforeAll(async () => {
  if (installed === undefined) return;
  tools = await loadTools(installed);
});

async function open(env: NodeJS.ProcessEnv = {}): Promise<Channel> {
  const ledger = await openLedger(state.database, 'test');
  const settings = baileys.settings.parse({ gap: [0, 0], ack: 2, ...(env['KEY'] ? { session_key: 'env:KEY' } : {}) });
  return baileys.open('whatsapp', settings, {
    files: { read: async (sha256) => files.get(sha256) ?? new Uint8Array() },
    links: { unsubscribe: async () => undefined, file: async () => undefined },
    session: async () => ledger.session('whatsapp'),
    root,
    env,
  });
}

beforeEach(async () => {
  if (installed === undefined) return;
  state = await testDatabase();
  manner = 'accept';
  refused = undefined;
  root = mkdtempSync(join(tmpdir(), 'tiffin-baileys-'));
  linkBaileys(installed, root);
  server = await openStandIn({
    tools,
    manner: () => manner,
    refuse: () => refused,
    exists: (digits) => !digits.endsWith('404'),
    groups: new Map([
      ['1203@g.us', { subject: 'Store 42', members: ['919811111111', '919822222222'] }],
      ['1204@g.us', { subject: 'Twins', members: ['919811111111'] }],
      ['1205@g.us', { subject: 'Twins', members: ['919811111111'] }],
    ]),
  });
  tools.DEFAULT_CONNECTION_CONFIG.waWebSocketUrl = server.url;
  tools.WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(server.issuer, 'hex');
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(server.certificate, 'utf8')]);
});
afterEach(async () => {
  if (installed === undefined) return;
  await server[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
  rmSync(root, { recursive: true });
});

// The package is CommonJS that calls its function `default`.
const readQr = jsqr as unknown as typeof jsqr.default;

/** The phone reads the picture. Returns the picture's mode; 0 where none was shown. */
const scanned = async (channel: Channel) => {
  let mode = 0;
  const show = async (step: PairingStep) => {
    if (step.kind !== 'picture') return;
    mode = statSync(step.file).mode & 0o777;
    const { width, height, rgb } = readPng(readFileSync(step.file));
    expect(width).toBe((step.dots.length + 8) * 6);
    const rgba = Uint8ClampedArray.from({ length: width * height * 4 }, (_, at) => {
      return at % 4 === 3 ? 255 : (rgb[Math.floor(at / 4) * 3 + (at % 4)] ?? 0);
    });
    server.scan(readQr(rgba, width, height)?.data ?? '');
  };
  await channel.pair?.(undefined, show, signal);
  return mode;
};
const typed = async (channel: Channel) => {
  const show = async (step: PairingStep) =>
    step.kind === 'code' ? server.type(step.code.replace('-', '')) : undefined;
  await channel.pair?.('+919800000000', show, signal);
};

let number = 0;
function part(content: Partial<Part['content']>, address = '+919811111111'): Part {
  const key = createHash('sha256').update(`part ${++number}`).digest('hex');
  const whole = { subject: 'Sales', text: '', html: '', caption: '', attachments: [], ...content };
  return { id: String(number), key, reference: 'R', report: 'daily', slot: '2021-12-21', address, content: whole };
}
const send = (channel: Channel, one: Part) => channel.send(one, async () => true, signal);

const withBaileys = test.skipIf(installed === undefined);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
/** A PNG of one dot. */
const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
function file(format: 'png' | 'pdf', bytes: Uint8Array) {
  const hash = sha256(bytes);
  files.set(hash, bytes);
  const mediaType = format === 'png' ? 'image/png' : 'application/pdf';
  return { format, name: `Daily sales.${format}`, mediaType, sha256: hash, bytes: bytes.length };
}

withBaileys('a phone is linked by a scanned code; words, a picture and a document arrive as they left', async () => {
  await using unlinked = await open();
  expect(await send(unlinked, part({ text: 'too early' }))).toMatchObject({
    kind: 'later',
    scope: 'lane',
    reason: 'no phone is linked: delivery pair whatsapp',
  });
  await using channel = await open();
  expect(await scanned(channel)).toBe(0o600);
  // Paired once more, the link holds and nothing is asked.
  expect(await scanned(channel)).toBe(0);

  const hello = part({ text: 'Sales are up 4 %' });
  expect(await send(channel, hello)).toEqual({ kind: 'accepted', providerId: messageId(hello.key) });
  const pdf = Buffer.alloc(20_000, 'pdf');
  const picture = part({ caption: 'Today', attachments: [file('png', dot)] });
  const document = part({ attachments: [file('pdf', pdf)] });
  for (const one of [picture, document]) expect(await send(channel, one)).toMatchObject({ kind: 'accepted' });
  expect(server.taken).toMatchObject([
    { id: messageId(hello.key), to: '919811111111@s.whatsapp.net', kind: 'text', text: 'Sales are up 4 %' },
    { kind: 'picture', text: 'Today', sha256: sha256(dot) },
    { kind: 'document', text: '', fileName: 'Daily sales.pdf', sha256: sha256(pdf) },
  ]);

  // Receipts of all of them, each told until it is said to be kept.
  await expect.poll(async () => (await channel.collect?.(undefined, signal))?.receipts.length).toBe(3);
  server.readBy(messageId(hello.key));
  await expect.poll(async () => (await channel.collect?.(undefined, signal))?.receipts.length).toBe(4);
  const first = await channel.collect?.(undefined, signal);
  expect(first?.receipts.map(({ kind, of }) => [kind, of])).toContainEqual([
    'read',
    { reference: partReference(hello.key) },
  ]);
  expect(await channel.collect?.(first?.cursor, signal)).toMatchObject({ receipts: [], more: false });
});

withBaileys('a phone is linked by a typed code, and the session is sealed where it is kept', async () => {
  const env = { KEY: 'a key of many signs' };
  await using channel = await open(env);
  await typed(channel);
  expect(await send(channel, part({ text: 'private words' }))).toMatchObject({ kind: 'accepted' });
  const values = await state.database.query<{ kind: string; value: string }>(sql`
    select kind, value from delivery_test.session_values where kind <> 'stop'`);
  expect(values.length).toBeGreaterThan(5);
  expect(values.filter(({ value }) => !value.startsWith('sealed:'))).toEqual([]);
  await using wrong = await open({ KEY: 'quite another key' });
  await channel[Symbol.asyncDispose]();
  expect(await send(wrong, part({ text: 'x' }))).toMatchObject({
    kind: 'later',
    reason: expect.stringMatching(/session_key/),
  });
});

withBaileys('a group is found by its name, sign for sign; a number that is not on WhatsApp is refused', async () => {
  await using channel = await open();
  await scanned(channel);
  expect(await send(channel, part({ text: 'to all' }, 'group: Store 42'))).toMatchObject({ kind: 'accepted' });
  expect(await send(channel, part({ text: 'once more' }, 'group: Store 42'))).toMatchObject({ kind: 'accepted' });
  expect(server.taken).toMatchObject([
    { to: '1203@g.us', text: 'to all' },
    { to: '1203@g.us', text: 'once more' },
  ]);
  for (const address of ['group: store 42', 'group:Twins', 'contact: Asha', '+919800000404']) {
    expect([address, await send(channel, part({ text: 'x' }, address))]).toMatchObject([address, { kind: 'refused' }]);
  }
  expect(server.taken).toHaveLength(2);
});

withBaileys('what is not acknowledged is unclear, and a receipt at the next connection tells of it', async () => {
  await using channel = await open();
  await scanned(channel);
  for (const how of ['silent', 'cut-after'] as const) {
    manner = how;
    const one = part({ text: how });
    expect([how, await send(channel, one)]).toMatchObject([how, { kind: 'unclear' }]);
    if (how === 'silent') server.streamError(515);
    const references = async () =>
      (await channel.collect?.(undefined, signal))?.receipts.map(({ of }) => 'reference' in of && of.reference);
    await expect.poll(references, { timeout: 20_000 }).toContain(partReference(one.key));
  }
  // A person says that it has not gone: it goes under the same id, and a phone that has it shows one.
  const again = part({ text: 'again' });
  expect(await send(channel, again)).toMatchObject({ kind: 'unclear' });
  manner = 'accept';
  expect(await send(channel, again)).toMatchObject({ kind: 'accepted' });
  expect(server.taken.filter(({ text }) => text === 'again').map(({ id }) => id)).toEqual(
    Array(2).fill(messageId(again.key)),
  );
});

withBaileys('each reason for which a connection ends has its own answer', async () => {
  await using channel = await open();
  await scanned(channel);
  const tell = (text: string) => send(channel, part({ text }));
  manner = 'slower';
  expect(await tell('429')).toMatchObject({ kind: 'later', scope: 'lane', reason: 'WhatsApp asks to go slower' });
  expect(server.taken).toEqual([]);
  manner = 'accept';
  expect(await tell('well')).toMatchObject({ kind: 'accepted' });
  // In the middle it is asked to connect anew: the next part goes by the new connection.
  manner = 'restart';
  expect(await tell('515')).toMatchObject({ kind: 'unclear' });
  manner = 'accept';
  expect(await tell('after 515')).toMatchObject({ kind: 'accepted' });

  server.streamError(440);
  await expect
    .poll(() => tell('440'), { timeout: 20_000 })
    .toMatchObject({ kind: 'later', scope: 'lane', reason: 'another program uses this session' });
  await using second = await open();
  refused = 429;
  expect(await send(second, part({ text: 'x' }))).toMatchObject({ reason: 'WhatsApp asks to go slower' });
  await using third = await open();
  refused = 403;
  expect(await send(third, part({ text: 'x' }))).toMatchObject({ reason: 'WhatsApp has restricted the account' });
  // It does not knock again, also after a restart, until a person pairs it; the link still holds.
  refused = undefined;
  const logins = server.logins();
  await using fourth = await open();
  expect(await send(fourth, part({ text: 'x' }))).toMatchObject({ reason: 'WhatsApp has restricted the account' });
  expect(server.logins()).toBe(logins);
  expect(await scanned(fourth)).toBe(0);
  expect(await send(fourth, part({ text: 'released' }))).toMatchObject({ kind: 'accepted' });

  const unlinked = 'the phone has unlinked this device: pair it again';
  expect(await fourth.stopped?.()).toBeUndefined();
  server.unlink();
  // It is known though nothing is sent, and by a process that opens nothing.
  await expect.poll(() => fourth.stopped?.(), { timeout: 20_000 }).toMatchObject({ reason: unlinked });
  await using idle = await open();
  expect(await idle.stopped?.()).toEqual(await fourth.stopped?.());
  await expect.poll(() => send(fourth, part({ text: 'x' })), { timeout: 20_000 }).toMatchObject({ reason: unlinked });
  await using fifth = await open();
  expect(await send(fifth, part({ text: 'x' }))).toMatchObject({ kind: 'later', scope: 'lane', reason: unlinked });
  expect(await scanned(fifth)).toBe(0o600);
  expect(await send(fifth, part({ text: 'linked anew' }))).toMatchObject({ kind: 'accepted' });
  expect(await fifth.stopped?.()).toBeUndefined();
});

withBaileys('two processes have the session in turn, and never both', async () => {
  await using one = await open();
  await using other = await open();
  await scanned(one);
  for (const channel of [one, other, one])
    expect(await send(channel, part({ text: 'x' }))).toMatchObject({ kind: 'accepted' });
  // Each came when the one before had left; nobody was replaced.
  expect(server.replaced()).toBe(0);
});

test('without Baileys the lane says how to install it', async () => {
  const bare = mkdtempSync(join(tmpdir(), 'tiffin-bare-'));
  await expect(loadBaileys(bare)).rejects.toMatchObject({
    code: 'invalid',
    hint: expect.stringContaining(`baileys@${baileysVersion}`),
  });
  rmSync(bare, { recursive: true });
});

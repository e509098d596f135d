import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { partReference } from '../../../enqueue/key.ts';
import type { MessageFile } from '../../../enqueue/message.ts';
import type { Channel, PairingStep, Part } from '../../channel.ts';
import { browserOf, holdProfile } from './profile.ts';
import { openStandIn } from './stand-in/server.ts';
import type { Manner, StandIn, StandInOptions } from './stand-in/stand-in.ts';
import { whatsappWeb } from './whatsapp-web.ts';

const chromium = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** A lane of a test's own with the stand-in before it. */
async function testLane(options: StandInOptions = {}, more: Readonly<Record<string, unknown>> = {}) {
  const stack = new AsyncDisposableStack();
  const standIn: StandIn = stack.use(await openStandIn({ linked: true, ...options }));
  const root = mkdtempSync(join(tmpdir(), 'tiffin-whatsapp-'));
  roots.push(root);
  const contents = new Map<string, Uint8Array>();
  const settings = whatsappWeb.settings.parse({
    url: standIn.url,
    gap: '0s..0s',
    tick: '3s',
    settle: '0s',
    load: '20s',
    strange: '3s',
    warm_up: 1000,
    new_per_day: 1000,
    ...more,
  });
  const tools = {
    files: {
      async read(sha256: string) {
        const content = contents.get(sha256);
        if (content === undefined) throw new Error('no such file');
        return content;
      },
    },
    links: { unsubscribe: async () => undefined, file: async () => undefined },
    root,
    env: process.env,
  };
  const channel: Channel = stack.use(whatsappWeb.open('whatsapp', settings, tools));
  const file = (name: string, mediaType: string, content: Uint8Array): MessageFile => {
    const sha256 = createHash('sha256').update(content).digest('hex');
    contents.set(sha256, content);
    return { sha256, bytes: content.byteLength, format: mediaType === 'image/png' ? 'png' : 'pdf', name, mediaType };
  };
  const part = (address: string, words: string, attachments: readonly MessageFile[] = []): Part => {
    const key = randomBytes(32).toString('hex');
    return {
      id: key.slice(0, 8),
      key,
      reference: partReference(key),
      report: 'daily',
      slot: '2021-12-21',
      address,
      content: { subject: 'Daily', text: words, html: '', caption: words, attachments },
    };
  };
  const send = (one: Part) => channel.send(one, async () => true, new AbortController().signal);
  const find = (one: Part, startedAt = new Date()) =>
    channel.find?.(one, { id: '1', number: 1, startedAt }, new AbortController().signal);
  return { standIn, channel, root, part, file, send, find, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const asha = '+919812345678';
/** A picture of one dot. */
const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const eras = [3, 2, 1] as const;
const languages = ['en', 'hi', 'es', 'pt'] as const;

describe.skipIf(!existsSync(chromium))('WhatsApp Web on its stand-in', () => {
  test('every era in every language: text, picture and document go behind loading and dialogs, and are found again', async () => {
    await using lane = await testLane({ dialogs: 2, loading: 100 });
    const sent: string[] = [];
    for (const [row, era] of eras.entries()) {
      for (const [column, language] of languages.entries()) {
        lane.standIn.dress(era, language);
        const kind = (['text', 'picture', 'document'] as const)[(row + column) % 3];
        const files = {
          text: [],
          picture: [lane.file('Daily.png', 'image/png', dot)],
          document: [lane.file('Daily.pdf', 'application/pdf', Buffer.from(`%PDF ${era}${language}`))],
        };
        const part = lane.part(asha, `Sales ${era} ${language}\n\n+3.1 % on the week`, kind && files[kind]);
        expect([era, language, await lane.send(part)]).toMatchObject([era, language, { kind: 'accepted' }]);
        sent.push(`${kind} Sales ${era} ${language}\n\n+3.1 % on the week\n\nRef ${part.reference}`);
        if (column === row)
          expect([era, language, await lane.find(part)]).toMatchObject([era, language, { kind: 'sent' }]);
      }
    }
    expect(lane.standIn.taken().map(({ text, file }) => `${file?.kind ?? 'text'} ${text}`)).toEqual(sent);
    expect(await lane.find(lane.part(asha, 'never sent'))).toEqual({ kind: 'not-sent' });
  });

  test('people by phone, contact and exact group; numbers and names that are not there', async () => {
    await using lane = await testLane({
      chats: [
        { name: 'Store managers' },
        { name: 'Store managers West' },
        { name: 'Asha' },
        { name: 'Twin' },
        { name: 'Twin' },
      ],
      unknown: ['911111111111'],
    });
    expect(await lane.send(lane.part('group:Store managers', 'to the group'))).toMatchObject({ kind: 'accepted' });
    expect(await lane.send(lane.part('contact:Asha', 'to Asha'))).toMatchObject({ kind: 'accepted' });
    expect(await lane.send(lane.part('contact:Twin', 'to whom?'))).toEqual({
      kind: 'refused',
      reason: '2 chats have this name',
    });
    expect(await lane.send(lane.part('+911111111111', 'nobody'))).toMatchObject({ kind: 'refused', suppress: true });
    const names = lane.standIn.taken().map(({ chat }) => lane.standIn.chats.find(({ id }) => id === chat)?.name);
    expect(names).toEqual(['Store managers', 'Asha']);
    expect(await lane.send(lane.part('group:Store manager', 'no such group'))).toMatchObject({ kind: 'refused' });
  });

  test('only a tick says that it went: clocks, late ticks, failures and lost ways stay unclear until the chat tells', async () => {
    const manners: Manner[] = ['slow', 'never', 'lost', 'failed', 'delivered', 'read'];
    await using lane = await testLane(
      { manner: () => manners.shift() ?? 'tick', slowMs: 700, labels: false },
      { tick: '2s' },
    );
    expect(await lane.send(lane.part(asha, 'slow'))).toMatchObject({ kind: 'accepted' });
    const never = lane.part(asha, 'never');
    expect(await lane.send(never)).toEqual({ kind: 'unclear', reason: 'its message is pending' });
    expect(await lane.find(never)).toMatchObject({ kind: 'unknown' });
    const lost = lane.part(asha, 'lost');
    expect(await lane.send(lost)).toEqual({ kind: 'unclear', reason: 'its message is pending' });
    // Loaded anew, the page sends what it still had.
    expect(await lane.find(lost)).toMatchObject({ kind: 'sent' });
    expect(await lane.send(lane.part(asha, 'failed'))).toMatchObject({ kind: 'unclear' });
    expect(await lane.send(lane.part(asha, 'delivered'))).toMatchObject({ kind: 'accepted' });
    expect(await lane.send(lane.part(asha, 'read'))).toMatchObject({ kind: 'accepted' });
    lane.standIn.tickAll();
    expect(await lane.find(never)).toMatchObject({ kind: 'sent' });
    // The same part once more, as after a restore: it is in the chat, and goes no second time.
    const before = lane.standIn.taken().length;
    expect(await lane.send(never)).toMatchObject({ kind: 'accepted' });
    expect(lane.standIn.taken()).toHaveLength(before);
  });

  test('a phone is linked by picture and by signs; logout and restriction stop the lane', async () => {
    await using lane = await testLane({ linked: false });
    const part = lane.part(asha, 'hello');
    expect(await lane.send(part)).toMatchObject({
      kind: 'later',
      scope: 'lane',
      reason: expect.stringContaining('delivery pair'),
    });
    const steps: PairingStep[] = [];
    const signal = new AbortController().signal;
    await lane.channel.pair?.(
      undefined,
      async (step) => {
        steps.push(step);
        if (step.kind === 'picture') expect(statSync(step.file).mode & 0o777).toBe(0o600);
        lane.standIn.scan();
      },
      signal,
    );
    const [step] = steps;
    const dots = step?.kind === 'picture' ? step.dots : [];
    expect([dots.length, dots[0]?.length]).toEqual([33, 33]);
    // The corner's seven and the light one beside them; the ninth tells of the mask, which what is coded chooses.
    expect(dots[0]?.slice(0, 8)).toEqual([true, true, true, true, true, true, true, false]);
    expect(existsSync(join(lane.root, 'var/whatsapp-web/whatsapp/pairing.png'))).toBe(false);
    expect(await lane.send(part)).toMatchObject({ kind: 'accepted' });

    expect(await lane.channel.stopped?.()).toBeUndefined();
    lane.standIn.logOut();
    // It is seen though nothing is sent.
    const stopped = () => lane.channel.stopped?.();
    await expect.poll(stopped, { timeout: 20_000 }).toMatchObject({ reason: expect.stringContaining('logged') });
    const later = lane.part(asha, 'later');
    expect(await lane.send(later)).toMatchObject({ kind: 'later', scope: 'lane' });
    const codes: string[] = [];
    await lane.channel.pair?.(
      '+919800000000',
      async (shown) => {
        if (shown.kind === 'code') codes.push(shown.code.replace('-', ''));
        lane.standIn.scan();
      },
      signal,
    );
    expect(codes).toEqual([lane.standIn.code()]);
    expect(await lane.send(later)).toMatchObject({ kind: 'accepted' });

    lane.standIn.restrict(true);
    expect(await lane.send(lane.part(asha, 'restricted'))).toMatchObject({
      kind: 'later',
      scope: 'lane',
      reason: expect.stringContaining('restricted'),
    });
    expect(lane.standIn.taken()).toHaveLength(2);
  });

  test('a page that has changed stops the lane before anything goes, with a report that names nobody', async () => {
    await using lane = await testLane({ menu: ['sticker', 'contact', 'pictures'] });
    const outcome = await lane.send(lane.part(asha, 'Confidential figures'));
    expect(outcome).toMatchObject({
      kind: 'later',
      scope: 'lane',
      reason: expect.stringContaining('"menuDocument" is missing'),
    });
    expect(lane.standIn.taken()).toEqual([]);
    const reports = join(lane.root, 'var/whatsapp-web/whatsapp/drift');
    const [report = ''] = readdirSync(reports);
    expect(readdirSync(join(reports, report)).sort()).toEqual(['missing.json', 'page.html', 'page.png']);
    const bones = readFileSync(join(reports, report, 'page.html'), 'utf8');
    expect(bones).toContain('role="menuitem" aria-label="Photos &amp; videos"'.replace('&amp;', '&'));
    expect(bones).not.toMatch(/9812345678|Confidential/);
  });

  test('a browser that outlived its process is ended, and another that lives is left alone', async () => {
    await using lane = await testLane();
    expect(await lane.send(lane.part(asha, 'first'))).toMatchObject({ kind: 'accepted' });
    const home = join(lane.root, 'var/whatsapp-web/whatsapp');
    const browser = await browserOf(join(home, 'profile'));
    expect(await holdProfile(home)).toBeUndefined();
    expect(await browserOf(join(home, 'profile'))).toBe(browser);
    // Its owner was killed.
    writeFileSync(join(home, 'owner'), JSON.stringify({ pid: 999_999_999, start: '1' }));
    const held = await holdProfile(home);
    expect([held === undefined, await browserOf(join(home, 'profile'))]).toEqual([false, undefined]);
    await held?.leave();
    // The lane notices that its browser is gone.
    expect(await lane.send(lane.part(asha, 'second'))).toEqual({ kind: 'accepted', providerId: expect.any(String) });
  });
});

test.runIf(process.getuid?.() === 0)('root sends nothing by WhatsApp itself', async () => {
  await using lane = await testLane({}, { url: 'https://web.whatsapp.com/', settle: '5m' });
  expect(await lane.send(lane.part(asha, 'x'))).toMatchObject({
    kind: 'later',
    scope: 'lane',
    reason: expect.stringContaining('root'),
  });
});

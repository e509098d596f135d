import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { partReference } from '../../../enqueue/key.ts';
import type { MessageFile } from '../../../enqueue/message.ts';
import type { Channel, Part } from '../../channel.ts';
import { openStandIn, type StandIn, type StandInOptions } from './stand-in/server.ts';
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

describe.skipIf(!existsSync(chromium))('WhatsApp Web on its stand-in', () => {
  test('a text, a picture and a document go, and are found again', async () => {
    await using lane = await testLane({ dialogs: 2, loading: 200 });
    const text = lane.part(asha, 'Sales are up.\n\nSecond line');
    expect(await lane.send(text)).toMatchObject({ kind: 'accepted' });
    const picture = lane.part(asha, 'Today', [lane.file('Daily.png', 'image/png', dot)]);
    expect(await lane.send(picture)).toMatchObject({ kind: 'accepted' });
    const document = lane.part(asha, '', [lane.file('Daily.pdf', 'application/pdf', Buffer.from('%PDF-1.7'))]);
    expect(await lane.send(document)).toMatchObject({ kind: 'accepted' });
    expect(lane.standIn.taken().map(({ text, file }) => [text, file?.kind, file?.name])).toEqual([
      [`Sales are up.\n\nSecond line\n\nRef ${text.reference}`, undefined, undefined],
      [`Today\n\nRef ${picture.reference}`, 'picture', 'Daily.png'],
      [`Ref ${document.reference}`, 'document', 'Daily.pdf'],
    ]);
    expect(await lane.find(picture)).toMatchObject({ kind: 'sent' });
    expect(await lane.find(lane.part(asha, 'never sent'))).toEqual({ kind: 'not-sent' });
  });
});

import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Channel, WebhookRequest } from '../../channel.ts';
import { mine, pdf, phonePart, phoneTools, png, soon } from '../http/test-part.ts';
import type { Manner } from '../http/test-rough-provider.ts';
import { rcsMessageId, referenceOfMessage } from './message.ts';
import { rcs } from './rcs.ts';
import { type RcsStandIn, rcsStandIn } from './test-stand-in.ts';

let google: RcsStandIn;
let channel: Channel;
let manner: Manner;
beforeEach(async () => {
  manner = 'accept';
  google = await rcsStandIn({
    agent: 'shop',
    clientToken: 'C',
    webhook: 'http://127.0.0.1:9',
    random: () => 0.5,
    manner: () => manner,
    fate: (to) => (to === '+910000000' ? { kind: 'refused', code: 404 } : { kind: 'silent' }),
  });
  const given = { agent: 'shop', credentials: 'env:K', webhook_token: 'env:C', url: google.url, timeout: '1s' };
  const tools = phoneTools({ K: google.credentials, C: 'C' }, 'https://reports.example.com/w/rcs');
  channel = rcs.open('rcs', rcs.settings.parse(given), tools);
});
afterEach(() => google[Symbol.asyncDispose]());
const send = (part = phonePart('one', [png])) => channel.send(part, mine, soon());

test('a picture with words is a card, a file is a file, words with a file have a button; all of them end in time', async () => {
  const part = phonePart('one', [png]);
  const plain = phonePart('two', [pdf], { content: { ...part.content, caption: '', attachments: [pdf] } });
  expect(await send(part)).toEqual({ kind: 'accepted', providerId: rcsMessageId(part.key) });
  await send(plain);
  await send(phonePart('three', [pdf]));
  const fileUrl = 'https://reports.example.com/f/bb';
  expect(google.taken.map(({ body }) => body)).toMatchObject([
    {
      ttl: '14400s',
      contentMessage: { richCard: { standaloneCard: { cardContent: { description: 'Up 4 %,\nas hoped' } } } },
    },
    { contentMessage: { contentInfo: { fileUrl } } },
    { contentMessage: { text: 'Up 4 %,\nas hoped', suggestions: [{ action: { openUrlAction: { url: fileUrl } } }] } },
  ]);
});

test('an answer that was lost is asked for by sending again under the same name, which shows it once', async () => {
  const part = phonePart('one', []);
  manner = 'cut-after';
  expect((await send(part)).kind).toBe('unclear');
  const look = (number: number, secondsAgo: number) =>
    channel.find?.(part, { id: '1', number, startedAt: new Date(Date.now() - secondsAgo * 1000) }, soon());
  expect(await look(1, 0)).toMatchObject({ kind: 'unknown', until: expect.any(Date) });
  expect(await look(1, 20)).toEqual({ kind: 'repeat' });
  expect(await look(6, 9_999)).toMatchObject({ kind: 'unknown' });
  manner = 'accept';
  expect((await send(part)).kind).toBe('accepted');
  expect([google.taken.length, google.ignored]).toEqual([1, 1]);
});

test('a phone without RCS is refused; what may have gone before is not refused by that', async () => {
  const part = phonePart('one', [], { address: '+910000000' });
  expect(await send(part)).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/^404 /) });
  expect(await send({ ...part, mayHaveGone: true })).toMatchObject({ kind: 'unclear' });
});

test("a message's name leads back to its reference", () => {
  const { key, reference } = phonePart('any', []);
  expect(referenceOfMessage(rcsMessageId(key))).toBe(reference);
  expect(referenceOfMessage('06aa34f1-7a5b-4c39-9b38-0a7c1f5b1d1e')).toBeUndefined();
});

const signed = (event: object, token = 'C'): WebhookRequest => {
  const data = Buffer.from(JSON.stringify(event));
  const signature = createHmac('sha512', token).update(data).digest('base64');
  const message = { data: data.toString('base64'), publishTime: '2021-12-22T03:00:00Z' };
  return {
    method: 'POST',
    search: '',
    headers: { 'x-goog-signature': signature },
    body: Buffer.from(JSON.stringify({ message })),
  };
};
const hear = (request: WebhookRequest) => channel.hear?.(request, new Date());

test('events are heard when they are signed; only what was surely taken back has failed', () => {
  const { key, reference } = phonePart('one', []);
  const event = (eventType: string) => ({ eventType, messageId: rcsMessageId(key), phoneNumber: '+91' });
  const at = new Date('2021-12-22T03:00:00Z');
  const of = { providerId: rcsMessageId(key), reference };
  expect(hear(signed(event('DELIVERED')))).toMatchObject({ receipts: [{ of, kind: 'delivered', at }] });
  expect(hear(signed(event('TTL_EXPIRATION_REVOKED')))).toMatchObject({ receipts: [{ of, kind: 'undelivered' }] });
  expect(hear(signed(event('TTL_EXPIRATION_REVOKE_FAILED')))).toMatchObject({ kind: 'news', receipts: [] });
  expect(hear(signed(event('UNSUBSCRIBE')))).toMatchObject({ optOuts: [{ address: '+91', wish: 'stop' }] });
  expect(hear(signed({ ...event('READ'), agentId: 'another' }))).toMatchObject({ kind: 'news', receipts: [] });
  expect(hear(signed(event('DELIVERED'), 'D'))).toMatchObject({ kind: 'refused', status: 401 });
  const question = (clientToken: string): WebhookRequest => {
    return {
      method: 'POST',
      search: '',
      headers: {},
      body: Buffer.from(JSON.stringify({ clientToken, secret: '42' })),
    };
  };
  expect(hear(question('C'))).toEqual({ kind: 'challenge', text: '42' });
  expect(hear(question('D'))).toMatchObject({ kind: 'refused', status: 403 });
});

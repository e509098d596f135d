import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Channel, WebhookRequest } from '../../channel.ts';
import { mine, pdf, phonePart, phoneTools, png, soon } from '../http/test-part.ts';
import type { Manner } from '../http/test-rough-provider.ts';
import { type CloudStandIn, cloudStandIn } from './test-stand-in.ts';
import { whatsappCloud } from './whatsapp-cloud.ts';

let meta: CloudStandIn;
let channel: Channel;
let manner: Manner;
beforeEach(async () => {
  manner = 'accept';
  const known = { token: 'T', appSecret: 'S', phoneNumberId: '106', webhook: 'http://127.0.0.1:9', random: () => 0.5 };
  meta = await cloudStandIn({ ...known, manner: () => manner, fate: () => ({ kind: 'silent' }) });
  channel = open();
});
afterEach(() => meta[Symbol.asyncDispose]());

function open(more: object = {}): Channel {
  const given = { phone_number_id: '106', token: 'env:T', app_secret: 'env:S', verify_token: 'env:V' };
  const settings = whatsappCloud.settings.parse({ ...given, url: meta.url, timeout: '1s', ...more });
  return whatsappCloud.open(
    'whatsapp',
    settings,
    phoneTools({ T: 'T', S: 'S', V: 'V' }, 'https://reports.example.com/w/whatsapp'),
  );
}
const send = (part = phonePart('one', [png]), stillMine = mine) => channel.send(part, stillMine, soon());

test('a picture with its caption, a document under its name, a text: each with our reference, a file uploaded once', async () => {
  const part = phonePart('one', [png]);
  expect(await send(part)).toMatchObject({ kind: 'accepted', providerId: expect.stringMatching(/^wamid\./) });
  await send(phonePart('two', [png]));
  await send(phonePart('three', [pdf]));
  await send(phonePart('four', []));
  expect(meta.media.size).toBe(2);
  expect(meta.taken.map(({ body }) => body)).toMatchObject([
    {
      to: '+919812345678',
      biz_opaque_callback_data: part.reference,
      type: 'image',
      image: { id: '1', caption: 'Up 4 %,\nas hoped' },
    },
    { type: 'image', image: { id: '1' } },
    { type: 'document', document: { id: '2', filename: 'विक्री.pdf', caption: 'Up 4 %,\nas hoped' } },
    { type: 'text', text: { body: 'Up 4 %,\nas hoped' } },
  ]);
});

test('a template has its file in the header and words of one line in the body', async () => {
  channel = open({ templates: { document: { name: 'daily', language: 'en', body: ['recipient', 'caption'] } } });
  await send(phonePart('one', [pdf]));
  expect(meta.taken[0]?.body).toMatchObject({
    type: 'template',
    template: {
      name: 'daily',
      language: { code: 'en' },
      components: [
        { type: 'header', parameters: [{ type: 'document', document: { id: '1', filename: 'विक्री.pdf' } }] },
        { type: 'body', parameters: [{ text: 'Asha' }, { text: 'Up 4 %, as hoped' }] },
      ],
    },
  });
});

test('what was surely not taken is later or refused, what may have been is unclear', async () => {
  const kindOf = async (how: Manner) => {
    manner = how;
    const outcome = await send(phonePart(how, []));
    return 'scope' in outcome ? `${outcome.kind} ${outcome.scope}` : outcome.kind;
  };
  expect(await kindOf('busy')).toBe('later lane');
  expect(await kindOf('fail-before')).toBe('later lane');
  expect(await kindOf('fail-after')).toBe('unclear');
  expect(await kindOf('cut-before')).toBe('unclear');
  expect(await kindOf('cut-after')).toBe('unclear');
  expect(await kindOf('hang-before')).toBe('unclear');
  manner = 'accept';
  expect(
    await send(phonePart('long', [png], { content: { ...phonePart('', [png]).content, caption: 'x'.repeat(1025) } })),
  ).toMatchObject({
    kind: 'refused',
  });
  expect((await send(phonePart('lost', []), async () => false)).kind).toBe('later');
  expect(meta.taken).toHaveLength(2);
  await meta[Symbol.asyncDispose]();
  expect(await send(phonePart('nobody', []))).toMatchObject({ kind: 'later', scope: 'lane', reason: 'ECONNREFUSED' });
});

const signed = (value: object, secret = 'S'): WebhookRequest => {
  const body = Buffer.from(
    JSON.stringify({ object: 'x', entry: [{ id: '1', changes: [{ field: 'messages', value }] }] }),
  );
  const mac = createHmac('sha256', secret).update(body).digest('hex');
  return { method: 'POST', search: '', headers: { 'x-hub-signature-256': `sha256=${mac}` }, body };
};
const status = (word: string, errors?: object[]) => ({
  statuses: [
    { id: 'wamid.1', status: word, timestamp: '1640142000', recipient_id: '9', biz_opaque_callback_data: 'R', errors },
  ],
});
const hear = (request: WebhookRequest) => channel.hear?.(request, new Date());

test('statuses are heard when they are signed, with the code that says why; no other is', () => {
  const at = new Date('2021-12-22T03:00:00Z');
  const of = { providerId: 'wamid.1', reference: 'R' };
  expect(hear(signed(status('read')))).toEqual({ kind: 'news', receipts: [{ of, kind: 'read', at }], optOuts: [] });
  expect(hear(signed(status('failed', [{ code: 131050, title: 'opted out of +919812345678' }])))).toMatchObject({
    receipts: [{ kind: 'undelivered', suppress: true, reason: expect.stringMatching(/^131050 .*\(number\)$/) }],
  });
  expect(hear(signed(status('failed', [{ code: 131026 }])))).toMatchObject({ receipts: [{ kind: 'undelivered' }] });
  expect(hear(signed(status('read'), 'another'))).toMatchObject({ kind: 'refused', status: 401 });
  const changed = { ...signed(status('read')), body: Buffer.from('{}') };
  expect(hear(changed)).toMatchObject({ kind: 'refused', status: 401 });
  expect(hear({ ...changed, headers: {} })).toMatchObject({ kind: 'refused', status: 401 });
  const other = { ...status('read'), metadata: { phone_number_id: '107' } };
  expect(hear(signed(other))).toMatchObject({ receipts: [] });
});

test('STOP ends the writing, other words do not; the URL is shown to be ours by our own token', () => {
  const wrote = (body: string) => hear(signed({ messages: [{ from: '919812345678', type: 'text', text: { body } }] }));
  expect(wrote(' Stop. ')).toMatchObject({ optOuts: [{ address: '+919812345678', wish: 'stop' }] });
  expect(wrote('start')).toMatchObject({ optOuts: [{ wish: 'start' }] });
  expect(wrote('do not stop these')).toMatchObject({ optOuts: [] });
  const ask = (token: string) => {
    const search = `?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=42`;
    return hear({ method: 'GET', search, headers: {}, body: Buffer.alloc(0) });
  };
  expect(ask('V')).toEqual({ kind: 'challenge', text: '42' });
  expect(ask('W')).toMatchObject({ kind: 'refused', status: 403 });
});

import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Channel, WebhookRequest } from '../../channel.ts';
import { mine, pdf, phonePart, phoneTools, png, soon } from '../http/test-part.ts';
import type { Fate, Manner } from '../http/test-rough-provider.ts';
import { twilioSignature } from './reports.ts';
import { type TwilioStandIn, twilioStandIn } from './test-stand-in.ts';
import { twilio } from './twilio.ts';

const webhook = 'https://reports.example.com/w/sms';
let provider: TwilioStandIn;
let manner: Manner;
let fate: Fate;
beforeEach(async () => {
  manner = 'accept';
  fate = { kind: 'silent' };
  provider = await twilioStandIn({
    account: 'AC1',
    token: 'T',
    random: () => 0.5,
    manner: () => manner,
    fate: () => fate,
  });
});
afterEach(() => provider[Symbol.asyncDispose]());

function open(more: object): Channel {
  const given = { account: 'AC1', token: 'env:T', from: '+15005550006', url: provider.url, timeout: '1s', ...more };
  return twilio.open('sms', twilio.settings.parse(given), phoneTools({ T: 'T' }, webhook));
}
const attempt = (minutesAgo: number) => ({ id: '1', number: 1, startedAt: new Date(Date.now() - minutesAgo * 60_000) });

test('by SMS the words with links, by WhatsApp and RCS the file itself, each with our reference and where to tell', async () => {
  const part = phonePart('one', [png, pdf]);
  expect((await open({ by: 'sms' }).send(part, mine, soon())).kind).toBe('accepted');
  await open({ by: 'whatsapp' }).send(phonePart('two', [png]), mine, soon());
  await open({ by: 'rcs', from: undefined, service: 'MG1' }).send(phonePart('three', [pdf]), mine, soon());
  const [sms, chat, rich] = provider.taken.map(({ form }) => form);
  expect(Object.fromEntries(sms ?? [])).toEqual({
    To: '+919812345678',
    From: '+15005550006',
    StatusCallback: `${webhook}?part=${part.reference}`,
    Body: `Up 4 %,\nas hoped\nhttps://reports.example.com/f/aa\nhttps://reports.example.com/f/bb\n[${part.reference}]`,
  });
  expect([chat?.get('To'), chat?.get('From'), chat?.getAll('MediaUrl')]).toEqual([
    'whatsapp:+919812345678',
    'whatsapp:+15005550006',
    ['https://reports.example.com/f/aa'],
  ]);
  expect([rich?.get('To'), rich?.get('MessagingServiceSid'), rich?.get('From')]).toEqual([
    'rcs:+919812345678',
    'MG1',
    null,
  ]);
});

test('a content template is filled by number; without the reference in it nobody looks for it', async () => {
  const sid = `HX${'0'.repeat(32)}`;
  const part = phonePart('one', [pdf]);
  const variables = { 1: 'caption', 2: 'file_path', 3: 'reference' };
  await open({ by: 'whatsapp', templates: { document: { sid, variables } } }).send(part, mine, soon());
  const form = provider.taken[0]?.form;
  expect([form?.get('ContentSid'), form?.get('Body'), JSON.parse(form?.get('ContentVariables') ?? '')]).toEqual([
    sid,
    null,
    { 1: 'Up 4 %, as hoped', 2: 'f/bb', 3: `[${part.reference}]` },
  ]);
  const blind = open({ by: 'whatsapp', templates: { document: { sid, variables: { 1: 'caption' } } } });
  expect(await blind.find?.(part, attempt(60), soon())).toMatchObject({ kind: 'unknown' });
});

test('what may have gone is looked for in the list: found, not there yet, not there', async () => {
  const channel = open({ by: 'sms' });
  manner = 'cut-after';
  const went = phonePart('went', []);
  expect((await channel.send(went, mine, soon())).kind).toBe('unclear');
  manner = 'hang-before';
  const stayed = phonePart('stayed', []);
  expect((await channel.send(stayed, mine, soon())).kind).toBe('unclear');
  expect(await channel.find?.(went, attempt(0), soon())).toEqual({ kind: 'sent', providerId: provider.taken[0]?.sid });
  expect(await channel.find?.(stayed, attempt(1), soon())).toMatchObject({ kind: 'unknown', until: expect.any(Date) });
  expect(await channel.find?.(stayed, attempt(11), soon())).toEqual({ kind: 'not-sent' });
  // A list that cannot be read tells nothing.
  const shut = open({ by: 'sms', account: 'AC2' });
  expect(await shut.find?.(stayed, attempt(11), soon())).toMatchObject({ kind: 'unknown', until: expect.any(Date) });
});

test('codes decide: STOP gives the address up, a lost login stops the lane', async () => {
  expect(await open({ by: 'sms', account: 'AC2' }).send(phonePart('one', []), mine, soon())).toMatchObject({
    kind: 'later',
    scope: 'lane',
    reason: expect.stringMatching(/^20003 /),
  });
  const nobody = phonePart('two', [], { address: 'nobody' });
  expect(await open({ by: 'sms' }).send(nobody, mine, soon())).toMatchObject({ kind: 'refused', suppress: true });
});

test('what Twilio does not tell by itself is read from its list, of ours alone and not too often', async () => {
  const channel = open({ by: 'sms' });
  fate = { kind: 'failed', code: 21610 };
  const part = phonePart('one', []);
  await channel.send(part, mine, soon());
  await fetch(`${provider.url}/2010-04-01/Accounts/AC1/Messages.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('AC1:T').toString('base64')}` },
    body: new URLSearchParams({ To: '+15005550001', From: '+1', Body: 'not ours' }),
  });
  const found = await channel.collect?.(undefined, soon());
  expect(found?.receipts).toMatchObject([
    {
      of: { reference: part.reference },
      kind: 'undelivered',
      suppress: true,
      reason: expect.stringMatching(/^21610 /),
    },
  ]);
  const lists = provider.lists;
  expect((await channel.collect?.(found?.cursor, soon()))?.receipts).toEqual([]);
  expect(provider.lists).toBe(lists);
});

test('reports are heard when they are signed for the very URL they came to', () => {
  const channel = open({ by: 'sms' });
  const report = (
    form: Readonly<Record<string, string>>,
    by = 'T',
    signedFor = `${webhook}?part=06NRMA4XE37G`,
  ): WebhookRequest => {
    const params = new URLSearchParams(form);
    const headers = { 'x-twilio-signature': twilioSignature(by, signedFor, params) };
    return { method: 'POST', search: '?part=06NRMA4XE37G', headers, body: Buffer.from(params.toString()) };
  };
  const now = new Date();
  const form = { MessageSid: 'SM1', MessageStatus: 'undelivered', ErrorCode: '30003', To: '+1' };
  expect(channel.hear?.(report(form), now)).toMatchObject({
    receipts: [{ of: { providerId: 'SM1', reference: '06NRMA4XE37G' }, kind: 'undelivered' }],
  });
  expect(channel.hear?.(report(form, 'U'), now)).toMatchObject({ kind: 'refused', status: 403 });
  expect(channel.hear?.(report(form, 'T', `${webhook}?part=OTHER`), now)).toMatchObject({
    kind: 'refused',
    status: 403,
  });
  expect(channel.hear?.(report({ MessageSid: 'SM2', Body: 'STOP', From: 'whatsapp:+15005550009' }), now)).toMatchObject(
    {
      optOuts: [{ address: '+15005550009', wish: 'stop' }],
    },
  );
});

// The example of https://www.twilio.com/docs/usage/security
test("Twilio's own example is signed as Twilio says", () => {
  const form = new URLSearchParams({
    CallSid: 'CA1234567890ABCDE',
    Caller: '+12349013030',
    Digits: '1234',
    From: '+12349013030',
    To: '+18005551212',
  });
  expect(twilioSignature('12345', 'https://mycompany.com/myapp.php?foo=1&bar=2', form)).toBe(
    '0/KCTR6DLpKmkAf8muzZqo1nDgQ=',
  );
});

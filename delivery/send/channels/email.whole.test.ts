import { expect, test } from 'vitest';
import { type MessageFile, pictureId } from '../../enqueue/message.ts';
import type { Channel, Part, PublicLinks } from '../channel.ts';
import { email } from './email.ts';
import { type Cut, cutLine, testMailServer } from './test-mail-server.ts';

const bytes: Readonly<Record<string, Uint8Array>> = {
  pdf: new Uint8Array(200_000).map((_, index) => index % 251),
  large: new Uint8Array(20_000_000),
  png: new Uint8Array([0x89, 0x50, 0x4e, 0x47]),
};
const files = { read: async (sha256: string) => bytes[sha256] ?? new Uint8Array() };
const pdf: MessageFile = {
  format: 'pdf',
  name: 'दैनिक बिक्री 2021-12-21.pdf',
  mediaType: 'application/pdf',
  sha256: 'pdf',
  bytes: 1,
};
const png: MessageFile = { format: 'png', name: 'sales.png', mediaType: 'image/png', sha256: 'png', bytes: 1 };

const part: Part = {
  id: '1',
  key: 'ab'.repeat(32),
  reference: '06NRMA4XE37G',
  report: 'daily_sales',
  slot: '2021-12-21',
  address: 'asha@example.com',
  recipientName: 'आशा राव',
  content: {
    subject: 'बिक्री, 21 Dec: +14.8 %',
    text: 'Good morning <Asha>,\n\nsales went up.\n.\nSee https://example.com/a?b=1&c=2.',
    html: `<p>Good morning &lt;Asha&gt;</p><img src="cid:${pictureId}">`,
    caption: '',
    attachments: [pdf],
    inline: png,
  },
};
const mine = async () => true;
const soon = () => AbortSignal.timeout(5_000);

const noLinks: PublicLinks = { unsubscribe: async () => undefined, file: async () => undefined };

function open(url: string, env: NodeJS.ProcessEnv = {}, links = noLinks, max_bytes = 18_000_000): Channel {
  const settings = { url, from: 'Sales <sales@reports.example.com>', max_bytes };
  return email.open('email', settings, { files, links, root: '/', env });
}

test('a mail arrives whole: words, picture, file name and key', async () => {
  await using server = await testMailServer();
  await using channel = open('env:SMTP_URL', { SMTP_URL: server.url });
  expect(await channel.send(part, mine, soon())).toEqual({
    kind: 'accepted',
    providerId: '<tiffin.06NRMA4XE37G@reports.example.com>',
  });
  const [mail] = await server.mails();
  expect(mail?.messageId).toBe('<tiffin.06NRMA4XE37G@reports.example.com>');
  expect(mail?.headers.get('x-tiffin-key')).toBe(part.key);
  expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
  expect(mail?.subject).toBe(part.content.subject);
  expect(mail?.to).toMatchObject({ value: [{ name: 'आशा राव', address: 'asha@example.com' }] });
  expect(mail?.text?.trimEnd()).toBe(part.content.text);
  // mailparser puts the picture itself where the mail names it.
  expect(mail?.html).toMatch(/^<p>Good morning &lt;Asha&gt;<\/p><img src="data:image\/png;base64,/);
  expect(mail?.attachments.map((one) => [one.filename, one.related ?? false, one.content.length])).toEqual([
    ['sales.png', true, 4],
    ['दैनिक बिक्री 2021-12-21.pdf', false, 200_000],
  ]);
  expect(Buffer.compare(mail?.attachments[1]?.content ?? Buffer.of(), Buffer.from(bytes['pdf'] ?? []))).toBe(0);
  const lines = server.raw[0]?.split('\r\n') ?? [];
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(998);
  expect(server.raw[0]).toMatch(/^[\x20-\x7e\r\n\t]*$/);
});

test('lines are used again, and one that the server closed meanwhile is replaced', async () => {
  await using server = await testMailServer();
  await using channel = open(server.url);
  await channel.send(part, mine, soon());
  await channel.send(part, mine, soon());
  expect(server.lines()).toBe(1);
  server.hangUp();
  expect((await channel.send(part, mine, soon())).kind).toBe('accepted');
  expect([server.lines(), server.raw.length]).toEqual([2, 3]);
});

test('without its lease the final dot is not written, and the server takes nothing', async () => {
  await using server = await testMailServer();
  await using channel = open(server.url);
  const outcome = await channel.send(part, async () => false, soon());
  expect(outcome).toMatchObject({ kind: 'later', scope: 'lane' });
  expect((await channel.send(part, mine, soon())).kind).toBe('accepted');
  expect(server.raw).toHaveLength(1);
});

// Lost after the dot: nodemailer calls it a connection that was never made, and Superset sends such a mail again.
test.each<[Cut, string, number]>([
  ['at-connect', 'later', 0],
  ['in-data', 'later', 0],
  ['after-dot', 'unclear', 1],
])('a line cut %s is %s', async (cut, kind, arrived) => {
  await using server = await testMailServer();
  await using line = await cutLine(server.port, cut);
  await using channel = open(line.url);
  // Larger than all that two sockets buffer: otherwise the dot would be written before the cut is felt.
  const large = { ...part, content: { ...part.content, attachments: [{ ...pdf, sha256: 'large' }] } };
  expect((await channel.send(cut === 'in-data' ? large : part, mine, soon())).kind).toBe(kind);
  expect(server.raw).toHaveLength(arrived);
});

test('a server that keeps silent after the dot leaves the mail unclear', async () => {
  const patience = new AbortController();
  await using server = await testMailServer({
    onData(stream) {
      // It has the whole mail, and the time for its answer is over.
      stream.on('end', () => patience.abort(new Error('it took too long')));
      stream.resume();
    },
  });
  await using channel = open(server.url);
  const outcome = await channel.send(part, mine, patience.signal);
  expect(outcome).toMatchObject({ kind: 'unclear', reason: expect.stringContaining('after the final dot') });
});

test('refusals are told apart', async () => {
  const refuse = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code });
  const outcomeOf = async (options: Parameters<typeof testMailServer>[0]) => {
    await using server = await testMailServer(options);
    await using channel = open(server.url);
    const outcome = await channel.send(part, mine, soon());
    expect(server.raw).toHaveLength(0);
    return outcome;
  };
  expect(await outcomeOf({ onRcptTo: (_a, _s, done) => done(refuse(550, '5.1.1 nobody here')) })).toMatchObject({
    kind: 'refused',
    suppress: true,
  });
  expect(await outcomeOf({ onRcptTo: (_a, _s, done) => done(refuse(451, 'greylisted')) })).toMatchObject({
    kind: 'later',
    scope: 'recipient',
  });
  expect(await outcomeOf({ size: 1_000 })).toMatchObject({ kind: 'refused' });
  const judged = (code: number) => ({
    onData: (stream: NodeJS.ReadableStream, _s: unknown, done: (error: Error) => void) => {
      stream.on('end', () => done(refuse(code, 'judged')));
      stream.resume();
    },
  });
  expect(await outcomeOf(judged(554))).toMatchObject({ kind: 'refused' });
  expect(await outcomeOf(judged(452))).toMatchObject({ kind: 'later', scope: 'part' });
});

test('settings that cannot work are said before anything is sent', () => {
  expect(() => open('env:SMTP_URL')).toThrow(/SMTP_URL is not set/);
  expect(() => open('http://mail.example.com')).toThrow(/not the URL of a mail server/);
  expect(email.settings.safeParse({ url: 'smtp://me:secret@mail', from: 'a@b.c' }).success).toBe(false);
});

const links: PublicLinks = {
  unsubscribe: async ({ reference }) => `https://reports.example.com/u/${reference}.${'x'.repeat(120)}`,
  file: async ({ sha256 }) => `https://reports.example.com/f/${sha256}?a=1&b=2`,
};

test('one click ends the writing: both headers, the URL whole on one line (RFC 8058)', async () => {
  await using server = await testMailServer();
  await using channel = open(server.url, {}, links);
  await channel.send(part, mine, soon());
  const url = await links.unsubscribe(part);
  const lines = server.raw[0]?.split('\r\n') ?? [];
  expect(lines).toContain(`List-Unsubscribe: <${url}>`);
  expect(lines).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
});

test('an oversize attachment becomes a link that both texts state, never an empty mail (metabase 71371)', async () => {
  await using server = await testMailServer();
  const big = { ...pdf, format: 'xlsx', name: 'All <sales>.xlsx', sha256: 'large', bytes: 20_000_000 } as const;
  const heavy = { ...part, content: { ...part.content, attachments: [pdf, big] } };
  await using channel = open(server.url, {}, links);
  expect((await channel.send(heavy, mine, soon())).kind).toBe('accepted');
  const [mail] = await server.mails();
  expect(mail?.attachments.map(({ filename }) => filename)).toEqual(['sales.png', 'दैनिक बिक्री 2021-12-21.pdf']);
  expect(mail?.text).toContain('All <sales>.xlsx (20.0 MB): https://reports.example.com/f/large?a=1&b=2');
  expect(mail?.html).toContain('<a href="https://reports.example.com/f/large?a=1&amp;b=2">All &lt;sales&gt;.xlsx</a>');

  await using without = open(server.url);
  expect(await without.send(heavy, mine, soon())).toMatchObject({
    kind: 'refused',
    reason: expect.stringMatching(/too big.*xlsx/),
  });
  expect(server.raw).toHaveLength(1);
});

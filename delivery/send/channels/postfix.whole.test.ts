import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type MessageFile, pictureId } from '../../enqueue/message.ts';
import type { Attempt, Channel, Collected, Part, PublicLinks } from '../channel.ts';
import { email } from './email.ts';
import { type TestDovecot, testDovecot, whyWithout } from './test-dovecot.ts';
import { cutLine } from './test-mail-server.ts';
import { archive, postfixPackages, postfixPrograms, type TestPostfix, testPostfix } from './test-postfix.ts';

// A real mail server and a real IMAP server agree on what we sent, what came back and what we find.

const root = process.getuid?.() === 0;
const missing = root ? whyWithout(postfixPackages, postfixPrograms) : 'only root can start Postfix';
const withoutDkim =
  missing ?? whyWithout(['python3-dkim'], ['/usr/bin/python3', '/usr/lib/python3/dist-packages/dkim/__init__.py']);
const asha = 'asha@people.test';
const journal = 'journal@shop.test';
const bounces = 'bounces@shop.test';

const bytes: Readonly<Record<string, Uint8Array>> = {
  pdf: new Uint8Array(200_000).map((_, index) => index % 251),
  xlsx: new Uint8Array(5_000).map((_, index) => (index * 7) % 256),
  png: new Uint8Array([0x89, 0x50, 0x4e, 0x47]),
};
const files = { read: async (sha256: string) => bytes[sha256] ?? new Uint8Array() };
const file = (format: 'pdf' | 'xlsx' | 'png', name: string, mediaType: string): MessageFile => {
  return { format, name, mediaType, sha256: format, bytes: bytes[format]?.byteLength ?? 0 };
};
const links: PublicLinks = {
  unsubscribe: async ({ reference }) => `https://reports.example.com/u/${reference}.${'x'.repeat(120)}`,
  file: async () => undefined,
};

let number = 0;
/** A part of its own for each call: a mailbox keeps what earlier tests sent. */
function newPart(more: Partial<Part> = {}): Part {
  number += 1;
  const sign = number.toString(16).padStart(2, '0').toUpperCase();
  return {
    id: String(number),
    key: sign.toLowerCase().repeat(32),
    reference: `06NRMA4XE3${sign}`,
    report: 'daily_sales',
    slot: '2021-12-21',
    address: asha,
    recipientName: 'आशा राव',
    content: {
      subject: 'दैनिक बिक्री, 21 Dec: +14.8 % — પશ્ચિમ આગળ, a subject that is long enough to be folded twice',
      text: 'Good morning <आशा>,\n\nsales went up.\n.\nFrom here on: https://example.com/a?b=1&c=2',
      html: `<p>Good morning &lt;आशा&gt;</p><img src="cid:${pictureId}">`,
      caption: '',
      attachments: [
        file('pdf', 'दैनिक बिक्री 2021-12-21.pdf', 'application/pdf'),
        file(
          'xlsx',
          'દૈનિક વેચાણ; "all" 2021-12-21.xlsx',
          'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        ),
      ],
      inline: file('png', 'sales.png', 'image/png'),
    },
    ...more,
  };
}

const mine = async () => true;
const soon = () => AbortSignal.timeout(20_000);
/** An attempt that began so many minutes ago. */
const attempt = (minutes = 0): Attempt => {
  return { id: '1', number: 1, startedAt: new Date(Date.now() - minutes * 60_000) };
};

describe.skipIf(missing !== undefined)(
  `Postfix and Dovecot${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    let dovecot: TestDovecot;
    let postfix: TestPostfix;
    beforeAll(async () => {
      dovecot = await testDovecot();
      postfix = await testPostfix(dovecot, [asha, journal, bounces]);
    });
    afterAll(async () => {
      await postfix[Symbol.asyncDispose]();
      await dovecot[Symbol.asyncDispose]();
    });

    interface Wishes {
      readonly url?: string;
      readonly copy?: string;
      readonly journal?: string;
      readonly verp?: boolean;
    }
    function open(wishes: Wishes = {}): Channel {
      const settings = email.settings.parse({
        url: wishes.url ?? postfix.url,
        from: 'Sales <sales@shop.test>',
        bounces: { url: 'env:BOUNCES', address: bounces, verp: wishes.verp ?? false },
        ...(wishes.journal && { journal: { url: 'env:JOURNAL', ...(wishes.copy && { copy: wishes.copy }) } }),
      });
      const env = { BOUNCES: dovecot.url(bounces), JOURNAL: dovecot.url(wishes.journal ?? '') };
      return email.open('email', settings, { files, links, root: '/', env });
    }
    const withCopy = { journal, copy: journal } as const;
    const count = (user: string) => postfix.mailsOf(user).length;
    const arrived = (user: string, mails: number) => expect.poll(() => count(user), { timeout: 20_000 }).toBe(mails);
    let before = 0;
    beforeEach(() => {
      before = count(asha);
    });

    test('what arrives is what was meant, as parsers of three families read it', async () => {
      await using channel = open(withCopy);
      const part = newPart();
      expect((await channel.send(part, mine, soon())).kind).toBe('accepted');
      await arrived(asha, before + 1);
      const raw = postfix.mailsOf(asha).at(-1) ?? Buffer.of();
      const url = await links.unsubscribe(part);
      const meant = {
        subject: part.content.subject,
        from: 'Sales <sales@shop.test>',
        to: `${part.recipientName} <${asha}>`,
        headers: {
          'message-id': `<tiffin.${part.reference}@shop.test>`,
          'x-tiffin-key': part.key,
          'auto-submitted': 'auto-generated',
          'list-unsubscribe': `<${url}>`,
          'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
          'return-path': `<${bounces}>`,
        },
        text: part.content.text,
        html: part.content.html,
        files: [...part.content.attachments, part.content.inline]
          .map((one) => [one?.name, bytes[one?.sha256 ?? '']?.length])
          .sort(),
        picture: `<${pictureId}>`,
      };
      expect(await byMailparser(raw)).toEqual(meant);
      expect(await byPostalMime(raw)).toEqual(meant);
      if (spawnSync('python3', ['--version']).status === 0) expect(byPython(raw)).toEqual(meant);
      const lines = raw.toString('latin1').split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(998);
      expect(raw.toString('latin1')).toMatch(/^[\x20-\x7e\r\n\t]*$/);
      // Nobody sees that there is a copy.
      expect(raw.toString('latin1')).not.toContain(journal);
    });

    test('a recipient who is refused gets nothing, and neither does the journal; nor the other way round', async () => {
      await using channel = open(withCopy);
      const inJournal = count(journal);
      const nobody = newPart({ address: 'nobody@people.test' });
      expect(await channel.send(nobody, mine, soon())).toMatchObject({ kind: 'refused', suppress: true });
      await using other = open({ journal, copy: 'no-journal@shop.test' });
      const outcome = await other.send(newPart(), mine, soon());
      expect(outcome).toMatchObject({ kind: 'later', scope: 'lane', reason: expect.stringContaining('takes no copy') });
      // Both channels still work, and only now something comes.
      expect((await channel.send(newPart(), mine, soon())).kind).toBe('accepted');
      await arrived(asha, before + 1);
      await arrived(journal, inJournal + 1);
    });

    test.skipIf(withoutDkim !== undefined)(
      'a signature that the key of the domain proves, over both headers of the one click',
      async () => {
        const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        const env = { KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().replaceAll('\n', '\\n') };
        const dkim = { selector: 'reports', key: 'env:KEY' };
        const settings = email.settings.parse({ url: postfix.url, from: 'Sales <sales@shop.test>', dkim });
        await using channel = email.open('email', settings, { files, links, root: '/', env });
        expect((await channel.send(newPart(), mine, soon())).kind).toBe('accepted');
        await arrived(asha, before + 1);
        const raw = postfix.mailsOf(asha).at(-1) ?? Buffer.of();
        const signature = (await simpleParser(raw)).headerLines.find(({ key }) => key === 'dkim-signature')?.line ?? '';
        expect(signature).toMatch(/h=[^;]*list-unsubscribe-post/i);
        const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
        const verified = (mail: Buffer) => {
          const words = ['-c', verifier, `v=DKIM1; k=rsa; p=${key}`];
          return String(spawnSync('/usr/bin/python3', words, { input: mail }).stdout).trim();
        };
        expect(verified(raw)).toBe('reports._domainkey.shop.test. True');
        expect(
          verified(Buffer.from(raw.toString('latin1').replace('List-Unsubscribe=One-Click', 'x=y'), 'latin1')),
        ).toMatch(/False$/);
      },
    );

    test('too big for the server is refused before it is carried', async () => {
      await using channel = open();
      const huge = newPart();
      const big = { ...huge, content: { ...huge.content, text: 'x'.repeat(76).concat('\n').repeat(50_000) } };
      expect(await channel.send(big, mine, soon())).toMatchObject({ kind: 'refused' });
    });

    test('the answer to the final dot is lost: the journal has the mail, by its copy or by the rule of the server', async () => {
      await using line = await cutLine(postfix.port, 'after-dot');
      for (const wishes of [withCopy, { journal: archive }]) {
        await using channel = open({ ...wishes, url: line.url });
        const part = newPart();
        const begun = attempt();
        expect((await channel.send(part, mine, soon())).kind).toBe('unclear');
        const find = async () => (await channel.find?.(part, begun, soon()))?.kind;
        await expect.poll(find, { timeout: 20_000 }).toBe('sent');
      }
      await arrived(asha, before + 2);
    });

    test('what never went is sent again only when its time is over, proved by the copy of a later mail', async () => {
      await using channel = open(withCopy);
      const part = newPart();
      const find = (minutes: number) => channel.find?.(part, attempt(minutes), soon());
      const own = count(journal);
      expect((await channel.send(newPart(), mine, soon())).kind).toBe('accepted');
      await arrived(journal, own + 1);
      expect(await find(29)).toMatchObject({ kind: 'unknown', until: expect.any(Date) });
      expect(await find(31)).toEqual({ kind: 'not-sent' });
      expect(count(journal)).toBe(own + 1);
    });

    test('an empty journal is proved by a canary that nobody else gets; one that nobody fills is never believed', async () => {
      const empty = 'empty@shop.test';
      await using house = await testPostfix(dovecot, [asha, empty]);
      const part = newPart();
      await using channel = open({ url: house.url, journal: empty, copy: empty });
      const find = async () => (await channel.find?.(part, attempt(31), soon()))?.kind;
      expect(await find()).toBe('unknown');
      await expect.poll(find, { timeout: 20_000 }).toBe('not-sent');
      expect(count(asha)).toBe(before);

      await using unfilled = open({ url: house.url, journal: 'unfilled@shop.test' });
      expect(await unfilled.find?.(part, attempt(31), soon())).toMatchObject({ kind: 'unknown' });
      // Long after, nobody need wait any more: a person is asked.
      const late = await unfilled.find?.(part, attempt(60), soon());
      expect(late?.kind === 'unknown' && late.until && late.until < new Date()).toBe(true);
    });

    test('a journal that cannot be read tells nothing, and can be read again later', async () => {
      const part = newPart();
      await using gone = await testDovecot();
      const url = gone.url(journal);
      const settings = email.settings.parse({
        url: postfix.url,
        from: 'sales@shop.test',
        journal: { url: 'env:JOURNAL' },
      });
      await using channel = email.open('email', settings, { files, links, root: '/', env: { JOURNAL: url } });
      expect(await channel.find?.(part, attempt(), soon())).toMatchObject({ kind: 'unknown', until: expect.any(Date) });
      await gone[Symbol.asyncDispose]();
      const found = await channel.find?.(part, attempt(), soon());
      expect(found).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('the mailbox cannot be read') });
      expect(JSON.stringify(found)).not.toContain('secret');
    });

    test('bounces are read once each, whoever they are about, and stay in their mailbox', async () => {
      await using channel = open({ verp: true });
      const dead = newPart({ address: 'left@old.test' });
      const forwarded = newPart({ address: 'forwarded@people.test' });
      let cursor = (await readAll(channel)).cursor;
      for (const part of [dead, forwarded]) expect((await channel.send(part, mine, soon())).kind).toBe('accepted');
      const receipts: Collected['receipts'][number][] = [];
      const next = async () => {
        const read = await readAll(channel, cursor);
        cursor = read.cursor;
        receipts.push(...read.receipts);
        return receipts.length;
      };
      await expect.poll(next, { timeout: 20_000 }).toBe(2);
      const about = (part: Part) => receipts.find(({ of }) => 'reference' in of && of.reference === part.reference);
      expect(about(dead)).toMatchObject({ kind: 'undelivered', address: 'left@old.test', suppress: true });
      // Where it was forwarded to, nobody is; the ledger gives up an address only when it is the part's own.
      expect(about(forwarded)).toMatchObject({ kind: 'undelivered', address: 'gone@old.test' });
      expect(JSON.stringify(receipts.map(({ reason }) => reason))).not.toContain('@');
      expect(await next()).toBe(2);
      // From the beginning it is the same once more, and nothing was marked or moved.
      const again = await readAll(channel);
      expect(again.receipts).toEqual(expect.arrayContaining(receipts));
      const left = ['new', 'cur'].flatMap((folder) => readdirSync(join(dovecot.folderOf(bounces), folder)));
      expect(left.filter((name) => /:2,[A-Z]*S/.test(name))).toEqual([]);
      expect(left.length).toBeGreaterThanOrEqual(2);
    });
  },
);

async function readAll(channel: Channel, cursor?: string): Promise<Collected> {
  const read = await channel.collect?.(cursor, soon());
  if (read === undefined) throw new Error('this channel has no bounces');
  return read;
}

interface Read {
  readonly subject: unknown;
  readonly from: string;
  readonly to: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly html: string;
  readonly files: readonly (readonly [unknown, number])[];
  readonly picture: unknown;
}
const named = [
  'message-id',
  'x-tiffin-key',
  'auto-submitted',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'return-path',
];

async function byMailparser(raw: Buffer): Promise<Read> {
  const mail = await simpleParser(raw, { skipImageLinks: true });
  const line = (name: string) => {
    const found = mail.headerLines.find(({ key }) => key === name)?.line ?? '';
    return found
      .slice(found.indexOf(':') + 1)
      .replace(/\r?\n/g, '')
      .trim();
  };
  const one = (field: typeof mail.from) => field?.value.map(({ name, address }) => `${name} <${address}>`).join();
  return {
    subject: mail.subject,
    from: one(mail.from) ?? '',
    to: Array.isArray(mail.to) ? '' : (one(mail.to) ?? ''),
    headers: Object.fromEntries(named.map((name) => [name, line(name)])),
    text: mail.text?.trimEnd() ?? '',
    html: String(mail.html).trimEnd(),
    files: mail.attachments.map(({ filename, content }) => [filename, content.length] as const).sort(),
    picture: mail.attachments.find(({ related }) => related)?.contentId,
  };
}

async function byPostalMime(raw: Buffer): Promise<Read> {
  const mail = await PostalMime.parse(raw);
  const one = (field: { name: string; address?: string | undefined } | undefined) =>
    `${field?.name} <${field?.address}>`;
  const length = (content: ArrayBuffer | Uint8Array | string) =>
    typeof content === 'string' ? content.length : content.byteLength;
  return {
    subject: mail.subject,
    from: one(mail.from),
    to: one(mail.to?.[0]),
    headers: Object.fromEntries(named.map((name) => [name, mail.headers.find(({ key }) => key === name)?.value])),
    text: mail.text?.trimEnd() ?? '',
    html: mail.html?.trimEnd() ?? '',
    files: mail.attachments.map(({ filename, content }) => [filename, length(content)] as const).sort(),
    picture: mail.attachments.find(({ related }) => related)?.contentId,
  };
}

const verifier = `
import sys, dkim
asked = []
def text_at(name, timeout=5):
  asked.append(name.decode())
  return sys.argv[1].encode()
ok = dkim.verify(sys.stdin.buffer.read().replace(b'\\r\\n', b'\\n').replace(b'\\n', b'\\r\\n'), dnsfunc=text_at)
print(*asked, ok)
`;

const program = `
import sys, json, email
from email import policy
mail = email.message_from_binary_file(sys.stdin.buffer, policy=policy.default)
one = lambda field: ', '.join('%s <%s>' % (a.display_name, a.addr_spec) for a in field.addresses)
files = [part for part in mail.walk() if part.get_filename()]
print(json.dumps({
  'subject': mail['subject'], 'from': one(mail['from']), 'to': one(mail['to']),
  'headers': {name: str(mail[name]) for name in ${JSON.stringify(named)}},
  'text': mail.get_body(('plain',)).get_content().rstrip(),
  'html': mail.get_body(('html',)).get_content().rstrip(),
  'files': [[part.get_filename(), len(part.get_content())] for part in files],
  'picture': next(part['content-id'] for part in files if part['content-id']),
  'defects': [str(d) for part in mail.walk() for d in part.defects],
}))`;

function byPython(raw: Buffer): Read {
  const { stdout, stderr } = spawnSync('python3', ['-c', program], { input: raw });
  if (stderr.length > 0) throw new Error(String(stderr));
  const { defects, ...read } = JSON.parse(String(stdout));
  expect(defects).toEqual([]);
  return { ...read, files: read.files.sort() };
}

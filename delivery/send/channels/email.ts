import addressparser from 'nodemailer/lib/addressparser';
import { z } from 'zod';
import { Fault } from '#engine';
import { holdsPassword, resolveSetting } from '../../config/secret.ts';
import { duration } from '../../report/schema.ts';
import { millisecondsOf } from '../../slot/duration.ts';
import type { ChannelKind } from '../channel.ts';
import { readBounces } from './bounces.ts';
import { readDkimKey } from './dkim.ts';
import { openJournal } from './journal.ts';
import { canaryOf, mailOf, messageIdOf, type Sender } from './mail-message.ts';
import { mailboxPlace, openMailbox } from './mailbox.ts';
import { mostBytes } from './oversize.ts';
import { openPost } from './post.ts';
import { outcomeOfFailure } from './smtp-outcome.ts';
import type { SmtpServer } from './smtp-wire.ts';

const url = z.string().refine((text) => !holdsPassword(text), 'a password in plain text: write env:NAME instead');

const settings = z.strictObject({
  /** `smtp://host:587`, `smtps://user:password@host`; with a password only as `env:NAME`. */
  url,
  /** `Sales <sales@example.com>` */
  from: z.string(),
  reply_to: z.string().optional(),
  /** Bytes of attachments, as they travel, that a mail carries at most; what is more is linked. */
  max_bytes: z.int().positive().default(18_000_000),
  /** For mails to be signed here; most mail servers do it themselves. */
  dkim: z
    .strictObject({
      selector: z.string().regex(/^[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?$/, 'a selector such as 2021a'),
      /** An RSA key as PEM, as `env:NAME`. */
      key: z.string().regex(/^env:/, 'a key in plain text: write env:NAME instead'),
      /** The domain of `from`, unless it is said. */
      domain: z.string().optional(),
    })
    .optional(),
  /** A mailbox that gets a copy of every mail: what is unclear is looked for there. */
  journal: z
    .strictObject({
      /** `imaps://user:password@host`, as `env:NAME`. */
      url,
      folder: z.string().default('INBOX'),
      /** Its address, to which each mail goes as well; without it the mail server makes the copies. */
      copy: z.email('an e-mail address').optional(),
      /** After so long a copy that is not there will not come. */
      settle: duration.default('30m'),
    })
    .optional(),
  /** A mailbox that undeliverable mail comes back to. */
  bounces: z
    .strictObject({
      url,
      folder: z.string().default('INBOX'),
      /** Its address, the sender on the envelope; without it that is the address of `from`. */
      address: z.email('an e-mail address').optional(),
      /** `bounces+REFERENCE@...` on the envelope: then even a bounce that quotes nothing says what it is about. */
      verp: z.boolean().default(false),
    })
    .optional(),
});

/**
 * Mail by any SMTP server. An answer to the final dot settles a mail; a line lost after the dot leaves it unclear, and
 * then it is looked for in the journal, where there is one. Undeliverable mail is read from the mailbox it comes back to.
 */
export const email: ChannelKind<z.infer<typeof settings>> = {
  settings,
  address: 'email',
  split: 'whole',
  fileLimit: ({ max_bytes }) => mostBytes(max_bytes),
  linksOversize: true,
  parallel: 4,
  open(name, { url, from, reply_to, max_bytes, dkim, journal, bounces }, { files, env, links }) {
    const where = `channels.${name}`;
    const keyOf = (key: string) => readDkimKey(resolveSetting(key, `${where}.dkim.key`, env), `${where}.dkim.key`);
    const post = openPost(readServer(resolveSetting(url, `${where}.url`, env), name));
    const unsigned = readSender(from, reply_to, name);
    const sender: Sender = dkim
      ? {
          ...unsigned,
          dkim: { domain: dkim.domain ?? unsigned.domain, selector: dkim.selector, privateKey: keyOf(dkim.key) },
        }
      : unsigned;
    const boxes = new AsyncDisposableStack();
    const mailbox = (place: { readonly url: string; readonly folder: string }, key: string) => {
      const resolved = resolveSetting(place.url, `${where}.${key}.url`, env);
      return boxes.use(openMailbox(mailboxPlace(resolved, place.folder, `${where}.${key}.url`)));
    };
    const copy = journal?.copy;
    const journalBox = journal && mailbox(journal, 'journal');
    const bounceBox = bounces && mailbox(bounces, 'bounces');

    async function sendCanary(to: string, canary: string, signal: AbortSignal): Promise<boolean> {
      const mail = await canaryOf(canary, sender, to);
      return (await post.carry({ from: sender.address, to }, mail, async () => true, signal)).kind === 'accepted';
    }

    return {
      async send(part, stillMine, signal) {
        const written = await mailOf(part, sender, { files, links, maxBytes: max_bytes });
        if (written.kind === 'too-big') return { kind: 'refused', reason: written.reason };
        const from = returnPath(bounces?.address ?? sender.address, bounces?.verp === true, part.reference);
        const envelope = { from, to: part.address, ...(copy === undefined ? {} : { copy }) };
        const result = await post.carry(envelope, written.mail, stillMine, signal);
        if (result.kind === 'failed') return outcomeOfFailure(result.stage, result.failure);
        return { kind: 'accepted', providerId: messageIdOf(part, sender.domain) };
      },

      ...(journalBox && {
        find: openJournal({
          mailbox: journalBox,
          settle: millisecondsOf(journal.settle),
          from: sender.address,
          sendCanary: copy === undefined ? undefined : (canary, signal) => sendCanary(copy, canary, signal),
        }).find,
      }),

      ...(bounceBox && { collect: (cursor, signal) => readBounces(bounceBox, copy, cursor, signal) }),

      async [Symbol.asyncDispose]() {
        post.close();
        await boxes.disposeAsync();
      },
    };
  },
};

/** Where a part's bounces go: with `verp` to an address that names the part (`bounces+06NRMA4XE37G@...`). */
function returnPath(address: string, verp: boolean, reference: string): string {
  return verp ? address.replace(/@(?=[^@]*$)/, `+${reference}@`) : address;
}

function readServer(url: string, name: string): SmtpServer {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^smtps?:$/.test(parsed.protocol) || !parsed.hostname) {
    throw new Fault('invalid', `channels.${name}.url is not the URL of a mail server`, {
      hint: 'Write smtp://host:587 or smtps://host, with user and password where they are needed.',
    });
  }
  const secure = parsed.protocol === 'smtps:';
  const user = decodeURIComponent(parsed.username);
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: Number(parsed.port) || (secure ? 465 : 587),
    secure,
    ...(user === '' ? {} : { login: { user, pass: decodeURIComponent(parsed.password) } }),
  };
}

function readSender(from: string, replyTo: string | undefined, name: string): Sender {
  const address = addressparser(from, { flatten: true })[0]?.address ?? '';
  const domain = address.split('@')[1];
  if (!domain) {
    throw new Fault('invalid', `channels.${name}.from is not an address`, { hint: 'Write Sales <sales@example.com>.' });
  }
  return { from, address, domain, ...(replyTo === undefined ? {} : { replyTo }) };
}

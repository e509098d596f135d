import addressparser from 'nodemailer/lib/addressparser';
import { z } from 'zod';
import { Fault } from '#engine';
import { holdsPassword, resolveSetting } from '../../config/secret.ts';
import type { ChannelKind, Part } from '../channel.ts';
import { mailOf, messageIdOf, type Sender } from './mail-message.ts';
import { outcomeOfFailure } from './smtp-outcome.ts';
import { openLine, type SmtpLine, type SmtpServer } from './smtp-wire.ts';

const settings = z.strictObject({
  /** `smtp://host:587`, `smtps://user:password@host`; with a password only as `env:NAME`. */
  url: z.string().refine((url) => !holdsPassword(url), 'a password in plain text: write env:NAME instead'),
  /** `Sales <sales@example.com>` */
  from: z.string(),
  reply_to: z.string().optional(),
  /** Bytes of attachments, as they travel, that a mail carries at most; what is more is linked. */
  max_bytes: z.int().positive().default(18_000_000),
});

/**
 * Mail by any SMTP server. An answer to the final dot settles a mail; a line lost after the dot leaves it unclear, and
 * since no mailbox of ours is looked into, a person settles it.
 */
export const email: ChannelKind<z.infer<typeof settings>> = {
  settings,
  address: 'email',
  split: 'whole',
  parallel: 4,
  open(name, { url, from, reply_to, max_bytes }, { files, env, links }) {
    const server = readServer(resolveSetting(url, `channels.${name}.url`, env), name);
    const sender = readSender(from, reply_to, name);
    const idle: SmtpLine[] = [];

    /** A line that was used before may have been closed by now; what fails on it before any answer is tried on a new one. */
    async function carry(part: Part, mail: Buffer, mayFinish: () => Promise<boolean>, signal: AbortSignal) {
      const envelope = { from: sender.address, to: part.address };
      const used = idle.pop();
      if (used?.usable()) {
        const result = await used.send(envelope, mail, mayFinish, signal);
        const stale =
          result.kind === 'failed' && result.stage === 'envelope' && result.failure.responseCode === undefined;
        if (!stale || signal.aborted) return { result, line: used };
      }
      const opening = await openLine(server, signal);
      if (opening.kind === 'failed') return { result: opening };
      return { result: await opening.line.send(envelope, mail, mayFinish, signal), line: opening.line };
    }

    return {
      async send(part, stillMine, signal) {
        const written = await mailOf(part, sender, { files, links, maxBytes: max_bytes });
        if (written.kind === 'too-big') return { kind: 'refused', reason: written.reason };
        const { mail } = written;
        const { result, line } = await carry(part, mail, stillMine, signal);
        if (result.kind === 'failed') return outcomeOfFailure(result.stage, result.failure);
        if (line) idle.push(line);
        return { kind: 'accepted', providerId: messageIdOf(part, sender.domain) };
      },

      async [Symbol.asyncDispose]() {
        for (const line of idle.splice(0)) line.close();
      },
    };
  },
};

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

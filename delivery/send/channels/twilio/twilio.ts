import { z } from 'zod';
import { messageOf } from '#engine';
import { resolveSetting } from '../../../config/secret.ts';
import { duration } from '../../../report/schema.ts';
import { millisecondsOf } from '../../../slot/duration.ts';
import type { ChannelKind, Collected, Part } from '../../channel.ts';
import { fileKindOf, markIn } from '../http/part-words.ts';
import { millisecondsOfTimeout, plain, providerUrl, secret, timeout } from '../http/settings.ts';
import { outcomeOfCall } from '../http/verdict.ts';
import { twilioErrors } from './errors.ts';
import { addressOf, canBeFound, longestPicture, type TwilioSender, templateWords, twilioMessage } from './message.ts';
import { hearTwilio, receiptOfListed } from './reports.ts';
import { type ListedMessage, listMessages, madeSid, postMessage, type TwilioAccount, twilioRefusal } from './rest.ts';

const template = z.strictObject({
  sid: z.string().regex(/^HX[0-9a-f]{32}$/, 'the sid of a content template: HX and 32 hexadecimal digits'),
  /** By the number of the variable, what stands for it. */
  variables: z.record(z.string().regex(/^\d+$/, 'the number of a variable'), z.enum(templateWords)).default({}),
});

const settings = z
  .strictObject({
    by: z.enum(['whatsapp', 'rcs', 'sms']),
    /** `AC...` */
    account: plain,
    token: secret,
    /** A number (`+15005550006`) or, for RCS, an agent. */
    from: plain.optional(),
    /** A messaging service, `MG...`, instead. */
    service: plain.optional(),
    /** Content templates, by the file that a part carries. */
    templates: z
      .strictObject({ text: template.optional(), image: template.optional(), document: template.optional() })
      .prefault({}),
    /** After so long a message that is not in Twilio's list will not appear there. */
    settle: duration.default('10m'),
    /** How often Twilio is asked what became of messages, besides what it tells by itself. */
    poll: duration.default('15m'),
    url: providerUrl.default('https://api.twilio.com'),
    timeout,
  })
  .refine((given) => (given.from === undefined) !== (given.service === undefined), 'write either from or service');

/** How far back reports are looked for in Twilio's list, and how far its clock may be from ours, in milliseconds. */
const pollsBack = 48 * 3_600_000;
const skew = 5 * 60_000;

/**
 * Twilio: WhatsApp, RCS or SMS. It has no way to take a message once, so that a message whose answer was lost is looked for
 * in its list, by the reference at the end of its text.
 */
export const twilio: ChannelKind<z.infer<typeof settings>> = {
  settings,
  address: 'phone',
  split: ({ by }) => (by === 'sms' ? 'whole' : 'by-file'),
  // https://www.twilio.com/docs/whatsapp/guidance-whatsapp-media-messages: 16 MB. A bare SMS has links.
  fileLimit: ({ by }) => (by === 'sms' ? undefined : 16_000_000),
  // Files are fetched by Twilio from our links; a bare SMS can do without, its reports being asked for.
  needsPublicUrl: ({ by }) => by !== 'sms',
  parallel: 4,
  open(name, given, { links, env, webhook }) {
    const resolve = (key: 'account' | 'token' | 'url') => resolveSetting(given[key], `channels.${name}.${key}`, env);
    const account: TwilioAccount = {
      url: resolve('url').replace(/\/+$/, ''),
      sid: resolve('account'),
      token: resolve('token'),
      timeout: millisecondsOfTimeout(given.timeout),
    };
    const sender: TwilioSender = {
      road: given.by,
      from:
        given.service === undefined
          ? { kind: 'From', name: resolveSetting(given.from ?? '', `channels.${name}.from`, env) }
          : { kind: 'MessagingServiceSid', name: resolveSetting(given.service, `channels.${name}.service`, env) },
      webhook,
    };
    const kindOf = (part: Part) => fileKindOf(part.content.attachments[0], longestPicture);

    /** By recipient alone: what was not sent on yet has no date to filter by. */
    async function listedSince(to: string, at: Date, signal: AbortSignal): Promise<readonly ListedMessage[]> {
      const since = at.getTime() - skew;
      const older = ({ date_created }: ListedMessage) => Date.parse(date_created) < since;
      const { messages, whole } = await listMessages(account, { To: to }, (page) => page.some(older), signal);
      if (!whole) throw new Error("Twilio's list of this recipient does not end");
      return messages;
    }

    return {
      async send(part, stillMine, signal) {
        const message = await twilioMessage(part, sender, given.templates[kindOf(part)], links);
        if (message.kind === 'misfit') return { kind: 'refused', reason: message.reason };
        if (!(await stillMine())) return { kind: 'later', reason: 'the lease was lost', scope: 'lane' };
        const called = await postMessage(account, message.form, signal);
        const sid = madeSid(called);
        if (sid !== undefined) return { kind: 'accepted', providerId: sid };
        // A success that names no message tells nothing of what was done.
        if (called.kind === 'answered' && called.status < 300) {
          return { kind: 'unclear', reason: `HTTP ${called.status} without a message's sid` };
        }
        return outcomeOfCall(called, twilioRefusal(called), twilioErrors, new Date());
      },

      async find(part, { startedAt }, signal) {
        if (!canBeFound(given.templates, kindOf(part))) {
          return {
            kind: 'unknown',
            reason: 'its template does not show the reference, so that it cannot be looked for',
          };
        }
        const now = new Date();
        const settle = millisecondsOf(given.settle);
        const found = await listedSince(addressOf(given.by, part.address), startedAt, signal).catch(messageOf);
        // Nobody need be asked because Twilio cannot be asked for a while.
        if (typeof found === 'string')
          return { kind: 'unknown', reason: found, until: new Date(now.getTime() + settle) };
        const ours = found.find(({ body }) => markIn(body ?? '') === part.reference);
        if (ours !== undefined) return { kind: 'sent', providerId: ours.sid };
        const until = new Date(startedAt.getTime() + settle);
        if (now >= until) return { kind: 'not-sent' };
        return { kind: 'unknown', reason: "it is not in Twilio's list yet", until };
      },

      async collect(cursor, signal): Promise<Collected> {
        const now = new Date();
        const last = cursor === undefined ? undefined : Date.parse(cursor);
        if (cursor !== undefined && last !== undefined && now.getTime() - last < millisecondsOf(given.poll)) {
          return { receipts: [], cursor, more: false };
        }
        const day = new Date(now.getTime() - pollsBack).toISOString().slice(0, 10);
        const filter = { 'DateSent>': day, PageSize: '1000' };
        // Of a longer list than is read the oldest were told of before, or will be by their own reports.
        const { messages } = await listMessages(account, filter, () => false, signal);
        const changed = messages.filter(({ date_updated, date_created }) => {
          return last === undefined || Date.parse(date_updated ?? date_created) >= last - skew;
        });
        const receipts = changed.flatMap((message) => receiptOfListed(message) ?? []);
        return { receipts, cursor: now.toISOString(), more: false };
      },

      ...(webhook !== undefined && { hear: (request, now) => hearTwilio(account.token, webhook, request, now) }),

      [Symbol.asyncDispose]: async () => {},
    };
  },
};

import { z } from 'zod';
import { resolveSetting } from '../../../config/secret.ts';
import type { ChannelKind, Part, SendOutcome } from '../../channel.ts';
import type { Called } from '../http/call.ts';
import { fileKindOf, partWords } from '../http/part-words.ts';
import { millisecondsOfTimeout, plain, providerUrl, secret, timeout } from '../http/settings.ts';
import { outcomeOfCall } from '../http/verdict.ts';
import { cloudErrors } from './errors.ts';
import { acceptedId, type GraphNumber, graphRefusal, postMessage, uploadMedia } from './graph.ts';
import { openUploads } from './media.ts';
import { cloudMessage, longestPicture, misfitOf } from './message.ts';
import { hearMeta, type WebhookSecrets } from './webhook.ts';

const template = z.strictObject({
  name: z.string().regex(/^[a-z0-9_]+$/, "a template's name of small letters, digits and _"),
  language: z.string().regex(/^[a-z]{2,3}(_[A-Z]{2})?$/, 'a language such as en or en_US'),
  body: z.array(z.enum(partWords)).default([]),
});

const settings = z.strictObject({
  phone_number_id: plain,
  /** A system user's access token. */
  token: secret,
  app_secret: secret,
  verify_token: secret,
  /** What goes as a template, which may go at any time; the rest only within 24 hours after the recipient wrote. */
  templates: z
    .strictObject({ text: template.optional(), image: template.optional(), document: template.optional() })
    .prefault({}),
  /**
   * Our reference goes along with each message (`biz_opaque_callback_data`) and comes back with each status. Without it what
   * is unclear can only be held.
   */
  callback_data: z.boolean().default(true),
  version: z
    .string()
    .regex(/^v\d+\.\d+$/, 'a version such as v23.0')
    .default('v23.0'),
  url: providerUrl.default('https://graph.facebook.com'),
  timeout,
});

/**
 * The official WhatsApp Business Platform. A file is uploaded, then a message names it; what becomes of it, statuses tell,
 * which carry our reference. Nobody can ask Meta whether it has a message: one whose answer was lost is settled by its
 * status, or held for a person.
 */
export const whatsappCloud: ChannelKind<z.infer<typeof settings>> = {
  settings,
  address: 'phone',
  split: 'by-file',
  // https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media: documents of 100 MB.
  fileLimit: () => 100_000_000,
  needsPublicUrl: () => true,
  parallel: 4,
  open(name, given, { files, env }) {
    const resolve = (key: 'phone_number_id' | 'token' | 'app_secret' | 'verify_token' | 'url') =>
      resolveSetting(given[key], `channels.${name}.${key}`, env);
    const phoneNumberId = resolve('phone_number_id');
    const number: GraphNumber = {
      url: `${resolve('url').replace(/\/+$/, '')}/${given.version}/${phoneNumberId}`,
      token: resolve('token'),
      timeout: millisecondsOfTimeout(given.timeout),
    };
    const secrets: WebhookSecrets = {
      appSecret: resolve('app_secret'),
      verifyToken: resolve('verify_token'),
      phoneNumberId,
    };
    const tracked = ({ reference }: Part) => (given.callback_data ? { biz_opaque_callback_data: reference } : {});
    const uploads = openUploads<SendOutcome>();

    /** The id of the part's file at Meta, or what its failed upload means. Nobody has seen anything yet. */
    async function upload(part: Part, signal: AbortSignal): Promise<{ readonly id: string } | SendOutcome | undefined> {
      const [file] = part.content.attachments;
      if (file === undefined) return undefined;
      const now = new Date();
      return uploads.idOf(
        file.sha256,
        async () => {
          const uploaded = await uploadMedia(number, file, await files.read(file.sha256), signal);
          return 'id' in uploaded ? uploaded : unseen(outcomeOf(uploaded.failed, now));
        },
        now,
      );
    }

    return {
      async send(part, stillMine, signal) {
        const kind = fileKindOf(part.content.attachments[0], longestPicture);
        const filled = given.templates[kind];
        const misfit = misfitOf(part, kind, filled);
        if (misfit !== undefined) return { kind: 'refused', reason: misfit };
        const media = await upload(part, signal);
        if (media !== undefined && 'kind' in media) return media;
        if (!(await stillMine())) return { kind: 'later', reason: 'the lease was lost', scope: 'lane' };
        const called = await postMessage(
          number,
          { ...tracked(part), ...cloudMessage(part, kind, media?.id, filled) },
          signal,
        );
        const id = acceptedId(called);
        if (id !== undefined) return { kind: 'accepted', providerId: id };
        // Among the reasons for these is a file that Meta has lost.
        const sha256 = part.content.attachments[0]?.sha256;
        if (sha256 !== undefined && called.kind === 'answered' && called.status === 400) uploads.forget(sha256);
        return outcomeOf(called, new Date());
      },

      hear: (request) => hearMeta(secrets, request),

      [Symbol.asyncDispose]: async () => {},
    };
  },
};

function outcomeOf(called: Called, now: Date): SendOutcome {
  // A success that names no message tells nothing of what was done.
  if (called.kind === 'answered' && called.status < 300) {
    return { kind: 'unclear', reason: `HTTP ${called.status} without a message's id` };
  }
  return outcomeOfCall(called, graphRefusal(called), cloudErrors, now);
}

/** Of a call that nobody sees, such as an upload: what is unclear is simply done again. */
function unseen(outcome: SendOutcome): SendOutcome {
  return outcome.kind === 'unclear' ? { kind: 'later', reason: outcome.reason, scope: 'part' } : outcome;
}

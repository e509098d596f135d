import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Heard, OptOut, Receipt, WebhookRequest } from '../../channel.ts';
import { withoutAddresses } from '../../without-addresses.ts';
import { isSame, jsonOf } from '../http/signature.ts';
import { reasonOf, suppresses } from '../http/verdict.ts';
import { wishIn } from '../http/wish.ts';
import { cloudErrors } from './errors.ts';

export interface WebhookSecrets {
  /** The app's secret, which signs what Meta sends. */
  readonly appSecret: string;
  /** What we told Meta to say when it makes sure that the URL is ours. */
  readonly verifyToken: string;
  /** The business's phone number id: an app's webhook hears of all its numbers. */
  readonly phoneNumberId: string;
}

const errorSchema = z.object({
  code: z.number(),
  title: z.string().optional(),
  error_data: z.object({ details: z.string().optional() }).optional(),
});

const statusSchema = z.object({
  id: z.string().min(1),
  status: z.string(),
  /** Seconds since 1970, as text. */
  timestamp: z.string().regex(/^\d+$/),
  biz_opaque_callback_data: z.string().optional(),
  errors: z.array(errorSchema).optional(),
});

const messageSchema = z.object({
  from: z.string(),
  text: z.object({ body: z.string() }).optional(),
  button: z.object({ text: z.string() }).optional(),
});

const payloadSchema = z.object({
  entry: z.array(
    z.object({
      changes: z.array(
        z.object({
          value: z.object({
            metadata: z.object({ phone_number_id: z.string() }).optional(),
            statuses: z.array(statusSchema).optional(),
            messages: z.array(messageSchema).optional(),
          }),
        }),
      ),
    }),
  ),
});

const kinds: Readonly<Record<string, Receipt['kind']>> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  failed: 'undelivered',
};

/**
 * Hears Meta: the question whether the URL is ours, statuses of messages, and people who write STOP. What is not signed
 * with the app's secret over the very bytes that came is refused.
 */
export function hearMeta(secrets: WebhookSecrets, request: WebhookRequest): Heard {
  if (request.method === 'GET') return answerChallenge(secrets, request);
  if (request.method !== 'POST') return { kind: 'refused', status: 405, reason: 'only GET and POST' };
  const given = String(request.headers['x-hub-signature-256'] ?? '');
  const right = `sha256=${createHmac('sha256', secrets.appSecret).update(request.body).digest('hex')}`;
  if (!isSame(given, right)) return { kind: 'refused', status: 401, reason: 'the signature is not right' };
  const read = payloadSchema.safeParse(jsonOf(request.body));
  if (!read.success) return { kind: 'refused', status: 400, reason: 'nobody can read this' };
  const values = read.data.entry
    .flatMap(({ changes }) => changes.map(({ value }) => value))
    .filter(({ metadata }) => (metadata?.phone_number_id ?? secrets.phoneNumberId) === secrets.phoneNumberId);
  return {
    kind: 'news',
    receipts: values.flatMap(({ statuses = [] }) => statuses.flatMap(receiptOf)),
    optOuts: values.flatMap(({ messages = [] }) => messages.flatMap(optOutOf)),
  };
}

function answerChallenge({ verifyToken }: WebhookSecrets, { search }: WebhookRequest): Heard {
  const asked = new URLSearchParams(search);
  const ours = asked.get('hub.mode') === 'subscribe' && isSame(asked.get('hub.verify_token') ?? '', verifyToken);
  if (!ours) return { kind: 'refused', status: 403, reason: 'the verify token is not ours' };
  return { kind: 'challenge', text: asked.get('hub.challenge') ?? '' };
}

function receiptOf({
  id,
  status,
  timestamp,
  biz_opaque_callback_data,
  errors,
}: z.infer<typeof statusSchema>): Receipt[] {
  const kind = kinds[status];
  if (kind === undefined) return [];
  const at = new Date(Number(timestamp) * 1000);
  const of = { providerId: id, ...(biz_opaque_callback_data ? { reference: biz_opaque_callback_data } : {}) };
  if (kind !== 'undelivered') return [{ of, kind, at }];
  const [error] = errors ?? [];
  const text = withoutAddresses(error?.error_data?.details ?? error?.title ?? '');
  const reason = reasonOf(error && cloudErrors[error.code], { code: error?.code, text }, 'failed');
  return [{ of, kind, at, reason, ...(suppresses(error?.code, cloudErrors) ? { suppress: true } : {}) }];
}

/** A person who writes STOP, or presses a button that says so. WhatsApp names them by digits alone. */
function optOutOf({ from, text, button }: z.infer<typeof messageSchema>): OptOut[] {
  const wish = wishIn(text?.body ?? button?.text ?? '');
  return wish === undefined ? [] : [{ address: `+${from.replace(/^\+/, '')}`, wish }];
}

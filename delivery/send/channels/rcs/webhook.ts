import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Heard, Receipt, WebhookRequest } from '../../channel.ts';
import { isSame, jsonOf } from '../http/signature.ts';
import { wishIn } from '../http/wish.ts';
import { referenceOfMessage } from './message.ts';

export interface RcsWebhook {
  readonly agent: string;
  /** Signs what Google sends. */
  readonly clientToken: string;
}

const question = z.object({ clientToken: z.string(), secret: z.string() });
const pushed = z.object({
  message: z.object({ data: z.base64(), publishTime: z.iso.datetime({ offset: true }).optional() }),
});
const eventSchema = z.object({
  senderPhoneNumber: z.string().optional(),
  phoneNumber: z.string().optional(),
  agentId: z.string().optional(),
  eventType: z.string().optional(),
  messageId: z.string().optional(),
  sendTime: z.iso.datetime({ offset: true }).optional(),
  text: z.string().optional(),
});

/**
 * TTL_EXPIRATION_REVOKE_FAILED is missing on purpose: the message may yet be delivered, so that nothing else may be sent.
 * https://developers.google.com/business-communications/rcs-business-messaging/guides/build/events
 */
const kinds: Readonly<Record<string, Receipt['kind']>> = {
  DELIVERED: 'delivered',
  READ: 'read',
  TTL_EXPIRATION_REVOKED: 'undelivered',
};
const wishes: Readonly<Record<string, 'stop' | 'start'>> = { UNSUBSCRIBE: 'stop', SUBSCRIBE: 'start' };

/**
 * Hears Google: the question whether the URL is ours, events of messages, and people who want no more. What is not signed
 * with the webhook's client token is refused. https://developers.google.com/business-communications/rcs-business-messaging/guides/integrate/webhooks
 */
export function hearRcs({ agent, clientToken }: RcsWebhook, request: WebhookRequest, now: Date): Heard {
  if (request.method !== 'POST') return { kind: 'refused', status: 405, reason: 'only POST' };
  const body = jsonOf(request.body);
  const asked = question.safeParse(body);
  if (asked.success) {
    if (isSame(asked.data.clientToken, clientToken)) return { kind: 'challenge', text: asked.data.secret };
    return { kind: 'refused', status: 403, reason: 'the client token is not ours' };
  }
  const read = pushed.safeParse(body);
  if (!read.success) return { kind: 'refused', status: 400, reason: 'nobody can read this' };
  const { data, publishTime } = read.data.message;
  const text = Buffer.from(data, 'base64');
  const right = createHmac('sha512', clientToken).update(text).digest('base64');
  if (!isSame(String(request.headers['x-goog-signature'] ?? ''), right)) {
    return { kind: 'refused', status: 401, reason: 'the signature is not right' };
  }
  const event = eventSchema.safeParse(jsonOf(text)).data;
  if (event === undefined) return { kind: 'refused', status: 400, reason: 'nobody can read this' };
  // A partner's webhook hears of all its agents.
  if ((event.agentId ?? agent) !== agent) return { kind: 'news', receipts: [], optOuts: [] };
  const at = event.sendTime ?? publishTime;
  const wish = wishes[event.eventType ?? ''] ?? wishIn(event.text ?? '');
  const address = event.senderPhoneNumber ?? event.phoneNumber;
  return {
    kind: 'news',
    receipts: receiptOf(event, at === undefined ? now : new Date(at)),
    optOuts: wish && address ? [{ address, wish }] : [],
  };
}

function receiptOf({ eventType = '', messageId }: z.infer<typeof eventSchema>, at: Date): Receipt[] {
  const kind = kinds[eventType];
  if (kind === undefined || messageId === undefined) return [];
  const reference = referenceOfMessage(messageId);
  const of = { providerId: messageId, ...(reference === undefined ? {} : { reference }) };
  return [{ of, kind, at, ...(kind === 'undelivered' ? { reason: 'not delivered in time, and taken back' } : {}) }];
}

import { createHmac } from 'node:crypto';
import type { Heard, Receipt, WebhookRequest } from '../../channel.ts';
import { markIn } from '../http/part-words.ts';
import { isSame } from '../http/signature.ts';
import { reasonOf, suppresses } from '../http/verdict.ts';
import { wishIn } from '../http/wish.ts';
import { twilioErrors } from './errors.ts';
import type { ListedMessage } from './rest.ts';

/** Twilio's statuses that tell something; the others are on the way to one of these. */
const kinds: Readonly<Record<string, Receipt['kind']>> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  undelivered: 'undelivered',
  failed: 'undelivered',
  canceled: 'undelivered',
};

/** What a status says of a message; undefined where it is no news. */
function receiptOf(of: Receipt['of'], status: string, code: number | undefined, at: Date): Receipt | undefined {
  const kind = kinds[status];
  if (kind !== 'undelivered') return kind && { of, kind, at };
  const reason = reasonOf(code === undefined ? undefined : twilioErrors[code], { code, text: '' }, status);
  return { of, kind, at, reason, ...(suppresses(code, twilioErrors) ? { suppress: true } : {}) };
}

/**
 * Hears Twilio at `webhook`, our URL as Twilio knows it: reports on messages, and people who write STOP. What is not signed
 * with the account's token over URL and form is refused. https://www.twilio.com/docs/usage/security
 */
export function hearTwilio(token: string, webhook: string, request: WebhookRequest, now: Date): Heard {
  if (request.method !== 'POST') return { kind: 'refused', status: 405, reason: 'only POST' };
  const form = new URLSearchParams(request.body.toString('utf8'));
  const right = twilioSignature(token, `${webhook}${request.search}`, form);
  if (!isSame(String(request.headers['x-twilio-signature'] ?? ''), right)) {
    return { kind: 'refused', status: 403, reason: 'the signature is not right' };
  }
  const status = form.get('MessageStatus');
  const sid = form.get('MessageSid');
  if (sid === null) return { kind: 'refused', status: 400, reason: 'nobody can read this' };
  if (status === null) {
    const wish = wishIn(form.get('OptOutType') ?? form.get('Body') ?? '');
    const address = (form.get('From') ?? '').replace(/^\w+:/, '');
    return { kind: 'news', receipts: [], optOuts: wish && address ? [{ address, wish }] : [] };
  }
  const reference = new URLSearchParams(request.search).get('part');
  const of = { providerId: sid, ...(reference ? { reference } : {}) };
  const receipt = receiptOf(of, status, Number(form.get('ErrorCode')) || undefined, now);
  return { kind: 'news', receipts: receipt ? [receipt] : [], optOuts: [] };
}

/** HMAC-SHA1 of the URL and of all names and values of the form, sorted by name. */
export function twilioSignature(token: string, url: string, form: URLSearchParams): string {
  const pairs = [...form].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return createHmac('sha1', token)
    .update(url + pairs.flat().join(''))
    .digest('base64');
}

/** What a listed message of ours says; undefined for what others sent, and where it is no news. */
export function receiptOfListed({
  sid,
  status,
  body,
  error_code,
  date_updated,
  date_created,
}: ListedMessage): Receipt | undefined {
  const reference = markIn(body ?? '');
  if (reference === undefined) return undefined;
  return receiptOf(
    { providerId: sid, reference },
    status,
    error_code ?? undefined,
    new Date(date_updated ?? date_created),
  );
}

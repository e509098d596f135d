import type { Channel, OptOut, WebhookRequest } from '../send/channel.ts';
import type { ReceiptLedger } from './collect.ts';

/** What hearing providers needs of the ledger. */
export interface HearLedger extends Pick<ReceiptLedger, 'record'> {
  heed(lane: string, optOut: OptOut): Promise<void>;
}

/** How a provider's request is answered. */
export interface WebhookAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Hears what a provider sends to a lane's webhook. It is answered only after all of it is kept: a provider that gets no
 * answer tells again, and the ledger takes once what it is told twice. Undefined when the lane hears nothing.
 */
export async function hearWebhook(
  ledger: HearLedger,
  channel: Pick<Channel, 'hear'>,
  lane: string,
  request: WebhookRequest,
  now: Date,
): Promise<WebhookAnswer | undefined> {
  const heard = channel.hear?.(request, now);
  if (heard === undefined) return undefined;
  if (heard.kind === 'challenge') return { status: 200, text: heard.text };
  if (heard.kind === 'refused') return { status: heard.status, text: heard.reason };
  await ledger.record(lane, heard.receipts);
  for (const optOut of heard.optOuts) await ledger.heed(lane, optOut);
  return { status: 200, text: '' };
}

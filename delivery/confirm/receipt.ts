import type { Receipt } from '../send/channel.ts';

/** A part as a receipt meets it; of the states only those that matter here. */
export type ReceiptMove =
  | { readonly kind: 'move'; readonly to: 'sent' | 'delivered' | 'read' | 'failed' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'ignore' };

/**
 * What a receipt makes of a part in a state. Receipts come late, out of order and twice; so a part only ever moves
 * towards its recipient: `read` is never undone, `delivered` not by a later failure of another device. A receipt for a
 * part that is unclear or held proves that it went. While the part is being sent, it waits for the answer.
 */
export function afterReceipt(state: string, kind: Receipt['kind']): ReceiptMove {
  if (state === 'sending') return { kind: 'wait' };
  const went = state === 'sent' || state === 'unclear' || state === 'held';
  if (kind === 'sent') return state === 'unclear' || state === 'held' ? { kind: 'move', to: kind } : { kind: 'ignore' };
  if (kind === 'undelivered') return went ? { kind: 'move', to: 'failed' } : { kind: 'ignore' };
  if (went || (state === 'delivered' && kind === 'read')) return { kind: 'move', to: kind };
  return { kind: 'ignore' };
}

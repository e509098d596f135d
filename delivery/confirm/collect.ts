import type { Channel, Receipt } from '../send/channel.ts';

/** What collecting receipts needs of the ledger. */
export interface ReceiptLedger {
  /** How far a lane's receipts were read; undefined before the first time. */
  cursor(lane: string): Promise<string | undefined>;
  /** Keeps receipts and moves the parts they are about. Returns how many were new. */
  record(lane: string, receipts: readonly Receipt[]): Promise<number>;
  keepCursor(lane: string, cursor: string): Promise<void>;
}

/**
 * Reads what a lane's provider keeps for us, such as bounces, to its end. The cursor is kept after the receipts, so that a
 * crash between reads them twice, and the ledger takes them once. Returns how many were new.
 */
export async function collectReceipts(
  ledger: ReceiptLedger,
  channel: Pick<Channel, 'collect'>,
  lane: string,
  signal: AbortSignal,
): Promise<number> {
  let added = 0;
  for (let more = channel.collect !== undefined; more && !signal.aborted; ) {
    const found = await channel.collect?.(await ledger.cursor(lane), signal);
    if (found === undefined) break;
    added += await ledger.record(lane, found.receipts);
    await ledger.keepCursor(lane, found.cursor);
    more = found.more;
  }
  return added;
}

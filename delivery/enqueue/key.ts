import { createHash, createHmac } from 'node:crypto';

/** What makes a message the same message. Address, body, ladder and schedule are not in it: editing them sends nothing again. */
export interface MessageIdentity {
  readonly report: string;
  readonly slot: string;
  readonly edition: string;
  readonly recipient: string;
  readonly entry: string;
  /** 0 for the first time, n for the n-th `--resend`. */
  readonly resend: number;
}

/**
 * The key of a message, 64 hexadecimal digits, unique in the ledger. An HMAC: whoever sees it in a mail header or after a
 * purge learns neither report nor person. The fields go in as JSON, so that no two identities run into one text.
 */
export function dedupKey(secret: string, of: MessageIdentity): string {
  const text = JSON.stringify([of.report, of.slot, of.edition, of.recipient, of.entry, of.resend]);
  return createHmac('sha256', secret).update(text).digest('hex');
}

/** The key of what one provider call carries: of a message's n-th part on a rung of its ladder, both from 0. */
export function partKey(messageKey: string, rung: number, part: number): string {
  return createHash('sha256').update(`${messageKey}/${rung}/${part}`).digest('hex');
}

/** The key of a part that went, came back and is sent once more: for everybody who sees it another mail. */
export function nextKey(key: string): string {
  return createHash('sha256').update(`${key}/again`).digest('hex');
}

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A short name for a part that people and file names can carry: 12 signs (60 bits) without I, L, O and U. */
export function partReference(key: string): string {
  let bits = BigInt(`0x${key.slice(0, 15)}`);
  let text = '';
  for (let sign = 0; sign < 12; sign += 1) {
    text = letters.charAt(Number(bits & 31n)) + text;
    bits >>= 5n;
  }
  return text;
}

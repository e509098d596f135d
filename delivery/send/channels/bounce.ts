import type { Attachment, Email } from 'postal-mime';
import type { Receipt } from '../channel.ts';
import { withoutAddresses } from '../without-addresses.ts';
import { isGoneForGood, reportsIn, type StatusReport } from './delivery-status.ts';

/** Bytes of a bounce that are read: its report comes first, what it returns of the mail last. */
export const longestBounce = 256 * 1024;

/**
 * What an undeliverable mail that came back says: of which part, and that it surely failed. Nothing for what is only
 * late, for answers of people and machines, and for what is not understood; those are left for people to read.
 *
 * By a delivery status (RFC 3464), else by the words that mail servers without one use. `copy` is the journal's address:
 * that a copy could not be delivered says nothing of the mail.
 */
export async function receiptsIn(raw: Uint8Array, received: Date, copy: string | undefined): Promise<Receipt[]> {
  const { default: PostalMime } = await import('postal-mime');
  const mail = await PostalMime.parse(raw, { forceRfc822Attachments: true }).catch(() => undefined);
  const reference = mail && referenceIn(mail, raw);
  if (mail === undefined || reference === undefined) return [];
  const told = Date.parse(mail.date ?? '');
  const at = Number.isNaN(told) ? received : new Date(told);
  const receipt = (failure: Failure): Receipt => ({
    of: { reference },
    kind: 'undelivered',
    at,
    reason: `bounced: ${withoutAddresses(failure.words).replace(/\s+/g, ' ').trim().slice(0, 300)}`,
    ...(failure.address === undefined ? {} : { address: failure.address }),
    ...(isGoneForGood(failure.status, failure.words) ? { suppress: true as const } : {}),
  });
  const status = mail.attachments.find(({ mimeType }) => /^message\/(global-)?delivery-status$/.test(mimeType));
  if (status) {
    const ofCopy = ({ final, original }: StatusReport) =>
      copy !== undefined && [final, original].includes(copy.toLowerCase());
    const reports = reportsIn(textOf(status)).filter((report) => !ofCopy(report));
    const delivered = reports.find(({ action }) => action === 'delivered');
    const failed = reports.find(({ action }) => action === 'failed');
    if (failed) {
      const { status: code, final, diagnostic } = failed;
      return [receipt({ status: code, words: diagnostic ?? code, address: final })];
    }
    return delivered ? [{ of: { reference }, kind: 'delivered', at }] : [];
  }
  const failure = failureInWords(mail);
  return failure ? [receipt(failure)] : [];
}

interface Failure {
  /** `5.1.1` (RFC 3463), or what is known of it. */
  readonly status: string;
  readonly words: string;
  readonly address: string | undefined;
}

const referencePattern = '[0-9A-HJKMNP-TV-Z]{12}';

/**
 * The part that a bounce is about: by the address it came back to, else by the mail that it returns, else by a
 * Message-ID of ours anywhere in it. Undefined where there is none or more than one.
 */
function referenceIn(mail: Email, raw: Uint8Array): string | undefined {
  const header = (name: string) => mail.headers.filter(({ key }) => key === name).map(({ value }) => value);
  const cameTo = ['delivered-to', 'x-original-to', 'to', 'x-envelope-to'].flatMap(header).join(' ');
  const returned = mail.attachments
    .filter(({ mimeType }) =>
      /^(message\/(rfc822|global)|text\/rfc822-headers|message\/global-headers)$/.test(mimeType),
    )
    .map(textOf)
    .join('\n');
  const anywhere = [mail.text, mail.html, ...mail.attachments.map(textOf), new TextDecoder('latin1').decode(raw)];
  return (
    onlyOne(cameTo, new RegExp(`\\+(${referencePattern})@`, 'gi')) ??
    onlyOne(returned, new RegExp(`tiffin\\.(${referencePattern})@`, 'g')) ??
    onlyOne(anywhere.join('\n'), new RegExp(`tiffin\\.(${referencePattern})@`, 'g'))
  );
}

function onlyOne(text: string, pattern: RegExp): string | undefined {
  const found = new Set([...text.matchAll(pattern)].map(([, reference = '']) => reference.toUpperCase()));
  return found.size === 1 ? [...found][0] : undefined;
}

/** The line of a final refusal. */
const withCode = /^.*(?:\b5\d\d[ -]|\b5\.\d{1,3}\.\d{1,3}\b).*$/m;
const inWords = /^.*(?:permanent (?:fatal )?error|user unknown|no such user).*$/im;

/** Bounces of servers that send no delivery status: only from a mail server itself, and only with a final refusal in it. */
function failureInWords(mail: Email): Failure | undefined {
  const from = mail.from?.address ?? '';
  const header = (name: string) => mail.headers.find(({ key }) => key === name)?.value;
  const failed = header('x-failed-recipients')?.split(',')[0]?.trim();
  const server = failed !== undefined || /^(mailer-daemon|postmaster|mail-?daemon|mdaemon)@/i.test(from);
  const text = mail.text ?? '';
  const before = text.split(/-{3,}.*(copy|original|returned|below this line)/i)[0] ?? text;
  if (!server || /\b(delayed|will (be )?retr(y|ied)|warning message only|not yet been delivered)\b/i.test(before)) {
    return undefined;
  }
  const refusal = withCode.exec(before) ?? inWords.exec(before);
  if (refusal === null) return undefined;
  const address = failed ?? /<([^<>\s@]+@[^<>\s@]+)>:?/.exec(before)?.[1];
  return {
    status: /\b5\.\d{1,3}\.\d{1,3}\b/.exec(before)?.[0] ?? '5.0.0',
    words: refusal[0],
    address: address?.toLowerCase(),
  };
}

function textOf({ content }: Pick<Attachment, 'content'>): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}

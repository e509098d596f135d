import type { SendOutcome } from '../channel.ts';
import { withoutAddresses } from '../without-addresses.ts';
import { isGoneForGood } from './delivery-status.ts';

/** How far a mail got on the wire. From `dotted` on the final dot may have been written: then only a reply tells. */
export type SmtpStage = 'connecting' | 'logging-in' | 'envelope' | 'dotted';

/** What nodemailer says of a failure, as far as it can be believed. */
export interface SmtpFailure {
  /** Its own code, such as EENVELOPE. It reads ECONNECTION and CONN for a line cut after the final dot, too. */
  readonly code?: string | undefined;
  readonly command?: string | undefined;
  /** The server's reply, where one was given. */
  readonly responseCode?: number | undefined;
  readonly response?: string | undefined;
}

/**
 * What a failure means for the part. The stage is known from what was written, not from the library's code: before the
 * final dot the message has surely not gone; after it only the server's own refusal proves that.
 */
export function outcomeOfFailure(stage: SmtpStage, failure: SmtpFailure): SendOutcome {
  const reason = reasonOf(failure);
  const reply = failure.responseCode;
  if (stage === 'dotted') {
    const answered = failure.code === 'EMESSAGE' && failure.command === 'DATA' && reply !== undefined;
    if (!answered) return { kind: 'unclear', reason: `after the final dot: ${reason}` };
    return reply >= 500 ? { kind: 'refused', reason } : { kind: 'later', reason, scope: 'part' };
  }
  // 421: the server is closing, whatever it was asked.
  if (stage !== 'envelope' || reply === 421) return { kind: 'later', reason, scope: 'lane' };
  // Without its copy a mail could not be looked for, should its answer be lost: it waits until copies are taken again.
  if (failure.command === 'RCPT TO the copy') {
    return { kind: 'later', reason: `the journal takes no copy: ${reason}`, scope: 'lane' };
  }
  if (failure.command === 'RCPT TO' && reply !== undefined) return refusedRecipient(reply, reason);
  if (failure.code === 'EMESSAGE' && failure.command === 'MAIL FROM') return { kind: 'refused', reason };
  if (reply === undefined) return { kind: 'later', reason, scope: 'lane' };
  if (failure.command === 'MAIL FROM' && reply >= 500 && reply !== 552) return { kind: 'later', reason, scope: 'lane' };
  return reply >= 500 ? { kind: 'refused', reason } : { kind: 'later', reason, scope: 'part' };
}

function refusedRecipient(reply: number, reason: string): SendOutcome {
  if (reply < 500) return { kind: 'later', reason, scope: 'recipient' };
  const status = /\b5\.\d{1,3}\.\d{1,3}\b/.exec(reason)?.[0] ?? '5.0.0';
  return isGoneForGood(status, reason) ? { kind: 'refused', reason, suppress: true } : { kind: 'refused', reason };
}

/** The reply's first line without addresses, which are not for logs. */
function reasonOf({ response, code, command }: SmtpFailure): string {
  const text = response?.split('\n')[0] ?? [code, command].filter(Boolean).join(' at ');
  return withoutAddresses(text).slice(0, 300) || 'no reason given';
}

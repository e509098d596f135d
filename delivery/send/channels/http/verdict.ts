import type { LaterScope, SendOutcome } from '../../channel.ts';
import { type Called, retryAfter } from './call.ts';

/** What a provider's error code means for the part: a row of its table. */
export interface Meaning {
  /** In our words, for the trail. */
  readonly means: string;
  readonly verdict:
    | { readonly kind: 'refused'; readonly suppress?: true }
    /** `minutes` to wait where the provider names no time. */
    | { readonly kind: 'later'; readonly scope: LaterScope; readonly minutes?: number }
    /** The provider does not say whether it took the message. */
    | { readonly kind: 'unclear' };
}

/** A provider's error codes, of an answer or of a later report. */
export type Meanings = Readonly<Record<number, Meaning>>;

/** A provider's own word on why it did not take a message. */
export interface Refusal {
  readonly code: number | undefined;
  /** Without addresses. */
  readonly text: string;
}

export const refuse = (means: string): Meaning => ({ means, verdict: { kind: 'refused' } });
/** Nothing will ever arrive at this address. */
export const suppress = (means: string): Meaning => ({ means, verdict: { kind: 'refused', suppress: true } });
export const later = (means: string, scope: LaterScope, minutes?: number): Meaning => ({
  means,
  verdict: { kind: 'later', scope, ...(minutes === undefined ? {} : { minutes }) },
});
export const unclear = (means: string): Meaning => ({ means, verdict: { kind: 'unclear' } });

/** A lane whose credentials or account are refused asks again so seldom: a person has to do something. Minutes. */
export const untilMended = 15;

/**
 * What a call that was not a success means for the part. A code that the provider's table has decides. Without one, an
 * answer of 5xx leaves open whether the message was taken before something broke, and one of 4xx says that it was not.
 */
export function outcomeOfCall(called: Called, refusal: Refusal, meanings: Meanings, now: Date): SendOutcome {
  if (called.kind === 'not-reached') return { kind: 'later', reason: called.reason, scope: 'lane' };
  if (called.kind === 'lost') return { kind: 'unclear', reason: called.reason };
  const { status, headers } = called;
  const meaning = (refusal.code === undefined ? undefined : meanings[refusal.code]) ?? byStatus(status);
  const reason = reasonOf(meaning, refusal, `HTTP ${status}`);
  const { verdict } = meaning;
  if (verdict.kind === 'unclear') return { kind: 'unclear', reason };
  if (verdict.kind === 'refused') return { kind: 'refused', reason, ...(verdict.suppress ? { suppress: true } : {}) };
  const wait = verdict.minutes === undefined ? undefined : new Date(now.getTime() + verdict.minutes * 60_000);
  const at = retryAfter(headers, now) ?? wait;
  return { kind: 'later', reason, scope: verdict.scope, ...(at === undefined ? {} : { at }) };
}

function byStatus(status: number): Meaning {
  if (status === 429) return later('too many requests', 'lane');
  if (status === 401 || status === 403) return later('the credentials are refused', 'lane', untilMended);
  if (status === 408 || status >= 500) return unclear('the provider failed while it was asked');
  // A redirection is followed by nobody: the URL in project.yml is not the provider's.
  if (status < 400) return later('an answer nobody expected', 'lane', untilMended);
  return refuse('refused');
}

/** `131026 not on WhatsApp: Message undeliverable`. */
export function reasonOf(meaning: Meaning | undefined, { code, text }: Refusal, where: string): string {
  const what = [code ?? where, meaning?.means ?? 'undelivered'].join(' ');
  return (text === '' ? what : `${what}: ${text}`).slice(0, 300);
}

/** Whether a provider's later report of this code means that nothing will ever arrive there. */
export function suppresses(code: number | undefined, meanings: Meanings): boolean {
  const verdict = code === undefined ? undefined : meanings[code]?.verdict;
  return verdict?.kind === 'refused' && verdict.suppress === true;
}

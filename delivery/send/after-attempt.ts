import type { SendOutcome } from './channel.ts';

export interface Sent {
  readonly kind: 'sent';
  readonly providerId: string;
}

/** What an attempt's outcome makes of its part; `free`: it does not count against it. */
export type Settlement =
  | Sent
  | {
      readonly kind: 'queued';
      readonly reason: string;
      readonly at: Date;
      readonly wholeLane: boolean;
      readonly free?: true;
    }
  | { readonly kind: 'failed'; readonly reason: string; readonly suppress: boolean }
  | { readonly kind: 'unclear'; readonly reason: string };

/** Attempts that a part has before a refusal for now counts as one for good. */
export const maxAttempts = 6;

const minute = 60_000;
/** Waits grow from half a minute to an hour. */
const longest = 60 * minute;

/**
 * Decides what becomes of a part. `spent` are the attempts counted against it, this one included; `random` in [0, 1)
 * spreads the waits (full jitter), so that a server that comes back is not met by everybody at once. What `mayHaveGone`
 * at an earlier attempt has not failed because its attempts are spent.
 */
export function afterAttempt(
  outcome: SendOutcome,
  spent: number,
  now: Date,
  random: number,
  mayHaveGone = false,
): Settlement {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'sent', providerId: outcome.providerId };
    case 'unclear':
      return { kind: 'unclear', reason: outcome.reason };
    case 'refused':
      return { kind: 'failed', reason: outcome.reason, suppress: outcome.suppress === true };
    case 'later': {
      const wholeLane = outcome.scope === 'lane';
      const free = wholeLane || outcome.scope === 'pace';
      if (!free && spent >= maxAttempts) {
        const reason = `${outcome.reason} (${spent} attempts)`;
        return mayHaveGone ? { kind: 'unclear', reason } : { kind: 'failed', reason, suppress: false };
      }
      // A lane's trouble is not the part's: its wait does not grow with the part's attempts.
      const ceiling = wholeLane ? minute : Math.min(longest, minute * 2 ** (spent - 1));
      const at = outcome.at ?? new Date(now.getTime() + ceiling / 2 + random * (ceiling / 2));
      return { kind: 'queued', reason: outcome.reason, at, wholeLane, ...(free ? { free } : {}) };
    }
  }
}

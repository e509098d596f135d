import type { QuietHours } from '../people/quiet-hours.ts';
import type { Sent, Settlement } from './after-attempt.ts';
import type { Attempt, Part } from './channel.ts';

/** A part that is ours to send until its lease runs out. */
export interface Claim {
  readonly part: Part;
  readonly attempt: Attempt;
  /** Attempts counted against the part before this one. */
  readonly spent: number;
  /** Hours in which it is not to be sent. */
  readonly quiet?: QuietHours;
}

/** What a lane's senders ask for together. */
export interface ClaimWish {
  readonly lane: string;
  /** Who claims, and which of its claims this is: unlike any other, so that it can be forgone. */
  readonly owner: string;
  /** How long the leases last. */
  readonly seconds: number;
  /** How many parts, at most. */
  readonly most: number;
  /** Limits them to one slot's. */
  readonly slotId?: string | undefined;
  /** What was accepted in this lane since: settled on the way, in the same transaction. */
  readonly sent?: readonly SentAttempt[];
}

export interface SentAttempt {
  readonly attempt: Attempt;
  readonly settlement: Sent;
}

/** What sending needs of the ledger. All leases run on the ledger's clock. */
export interface SendLedger {
  /**
   * Takes or keeps a lane for an owner: one owner sends at a time. False while somebody else holds it.
   */
  takeLane(lane: string, owner: string, seconds: number): Promise<boolean>;
  leaveLane(lane: string, owner: string): Promise<void>;
  /**
   * The next parts of a lane whose time has come, now `sending` under a lease: fewer when there are no more. What is no
   * longer useful or is suppressed is put aside on the way.
   */
  claim(wish: ClaimWish): Promise<Claim[]>;
  /** Queues again what a claim took whose answer was lost, by its `owner`: nobody was told of it. Returns how many parts. */
  forgo(owner: string): Promise<number>;
  /** Extends an attempt's lease; false when it has run out or was taken away, and then nothing more may be done for it. */
  renew(attempt: Attempt, seconds: number): Promise<boolean>;
  /**
   * Ends an attempt. An answer that comes after the lease ran out starts nothing, but a late `sent` still settles what
   * was unclear. The same again changes nothing.
   */
  settle(attempt: Attempt, settlement: Settlement): Promise<void>;
}

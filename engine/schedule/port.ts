import type { Notice } from './notice.ts';
import type { OpenTick, SettledState, TickKey } from './tick.ts';

/** The right to lead until it runs out. Every writing names it; `token` grows with each leader. */
export interface Lease {
  readonly holder: string;
  readonly token: number;
}

/** What was decided about a dag's ticks up to the last of them. */
export interface Decision {
  readonly dag: string;
  /** Later ticks are undecided. */
  readonly until: number;
  readonly due: readonly number[];
  /** Ticks that were passed over are one row, at the last of them. */
  readonly skipped?: { readonly at: number; readonly why: string };
}

/** Something that happens to a tick. Its notices are written with it or not at all. */
export type Change =
  | { readonly kind: 'start'; readonly tick: TickKey }
  | ({
      readonly kind: 'settle';
      readonly tick: TickKey;
      readonly state: SettledState;
      readonly notices: readonly Notice[];
    } & Told)
  /** It failed and is tried again. */
  | ({ readonly kind: 'again'; readonly tick: TickKey; readonly notBefore: number } & Told)
  /** It was stopped before it ended, as it should: due again. */
  | { readonly kind: 'stop'; readonly tick: TickKey }
  | { readonly kind: 'late'; readonly tick: TickKey; readonly notices: readonly Notice[] };

/** What a run left to read. */
export interface Told {
  /** The run's id, where there was anything to do. */
  readonly runId?: string;
  readonly detail?: string;
}

export interface UnsentNotice extends Notice {
  readonly id: string;
  /** How often sending it has failed. */
  readonly attempts: number;
}

/** Notices that nobody has sent yet. Whoever sends them may be killed between sending and noting: send by key. */
export interface Outbox {
  /** Notices to recipients of one kind (`webhook:`) that are to be sent now, oldest first. */
  unsent(kind: string, now: number, limit: number): Promise<readonly UnsentNotice[]>;
  /** Notes that a notice went out, or that it is to be tried again later. */
  noteSent(
    id: string,
    outcome: { readonly kind: 'sent' } | { readonly kind: 'later'; readonly at: number },
  ): Promise<void>;
}

/**
 * The scheduler's memory. Leases run on its own clock. Every writing that names a lease throws `Fault` lost, and has done
 * nothing, when another leader has come since.
 */
export interface ScheduleStore extends Outbox {
  /** The lease, when nobody holds it or its time has run out; `ttl` in ms. */
  acquire(holder: string, ttl: number): Promise<Lease | undefined>;
  /** Prolongs it from now; false when somebody else leads. A lease that ran out unnoticed goes on. */
  renew(lease: Lease, ttl: number): Promise<boolean>;
  release(lease: Lease): Promise<void>;
  /** Up to when each of these dags' ticks are decided. Those never seen before are noted, decided until the instant given. */
  cursors(lease: Lease, first: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, number>>;
  /** Records ticks as due or passed over, and moves the cursors; all or nothing. A tick that is there stays as it is. */
  record(lease: Lease, decisions: readonly Decision[]): Promise<void>;
  /** Makes due again what former leaders left running; returns how many. */
  resume(lease: Lease): Promise<number>;
  /** Performs changes in order; all or nothing. Throws `Fault` lost, too, when a tick is not in the state it must come from. */
  apply(lease: Lease, changes: readonly Change[]): Promise<void>;
  /** The ticks that are not settled. */
  open(): Promise<readonly OpenTick[]>;
  /** For each key how the newest settled tick of its dag at or before it ended, in the same order. */
  settled(keys: readonly TickKey[]): Promise<readonly (SettledState | undefined)[]>;
}

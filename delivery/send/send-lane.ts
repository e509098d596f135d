import { randomUUID } from 'node:crypto';
import { setInterval } from 'node:timers';
import { setTimeout as pause } from 'node:timers/promises';
import { Fault, messageOf } from '#engine';
import { quietUntil } from '../people/quiet-hours.ts';
import { afterAttempt } from './after-attempt.ts';
import type { Channel, SendOutcome } from './channel.ts';
import { gather } from './gather.ts';
import type { Claim, SendLedger, SentAttempt } from './send-ledger.ts';
import { withoutAddresses } from './without-addresses.ts';

/** Seconds. A lane is held by one process; an attempt by one send, which gives up before its lease can be in doubt. */
export interface Leases {
  readonly lane: number;
  readonly attempt: number;
  /** The longest a single send may take, its lease being renewed as long as the process lives. */
  readonly send: number;
}

export const defaultLeases: Leases = { lane: 15, attempt: 20, send: 180 };

export interface LaneTools {
  readonly ledger: SendLedger;
  readonly channel: Pick<Channel, 'send'>;
  readonly log: { readonly warn: (facts: Readonly<Record<string, unknown>>, message: string) => void };
  readonly leases: Leases;
  readonly now: () => Date;
}

export interface LaneWork {
  readonly lane: string;
  /** This process, unlike any other. */
  readonly owner: string;
  readonly parallel: number;
  /** Limits the work to one slot's parts. */
  readonly slotId?: string;
}

export type LaneResult = { readonly kind: 'taken' } | { readonly kind: 'drained'; readonly sent: number };

/**
 * Sends what waits in a lane now: claim, send, settle, side by side as the channel allows, until nothing is left whose
 * time has come. `taken` when another process holds the lane. An aborted signal ends it after the sends under way.
 */
export async function sendLane(tools: LaneTools, work: LaneWork, signal: AbortSignal): Promise<LaneResult> {
  const { ledger, leases } = tools;
  const { lane, owner } = work;
  if (!(await ledger.takeLane(lane, owner, leases.lane))) return { kind: 'taken' };
  const lost = new AbortController();
  const stop = AbortSignal.any([signal, lost.signal]);
  const keepLane = every(leases.lane / 3, async () => {
    if (!(await ledger.takeLane(lane, owner, leases.lane))) lost.abort();
  });
  let sent = 0;
  // What several senders have sent is settled, and their next parts are claimed, in one transaction: a disk is waited for
  // once, not twice for each mail.
  const turn = gather(async (wishes: readonly { readonly sent: readonly SentAttempt[] }[]) => {
    const settled = wishes.flatMap((wish) => wish.sent);
    const most = stop.aborted ? 0 : wishes.length;
    const claimant = `${owner} ${randomUUID()}`;
    const wish = { lane, owner: claimant, seconds: leases.attempt, most, slotId: work.slotId, sent: settled };
    const claims = await ledger.claim(wish).catch(async (error) => {
      // What was sent is known to nobody else.
      for (const { attempt, settlement } of settled) await surely(() => ledger.settle(attempt, settlement), signal);
      // What it took in spite of that, nobody was told of.
      await surely(() => ledger.forgo(claimant), signal);
      throw error;
    });
    sent += settled.length;
    return wishes.map((_, index) => claims[index]);
  });
  const sender = async () => {
    let claim = await turn({ sent: [] });
    while (claim !== undefined) claim = await turn({ sent: await sendOne(tools, claim, signal) });
  };
  try {
    const senders = await Promise.allSettled(Array.from({ length: work.parallel }, sender));
    for (const ended of senders) if (ended.status === 'rejected') throw ended.reason;
    return { kind: 'drained', sent };
  } finally {
    await keepLane.stop();
    await ledger.leaveLane(lane, owner);
  }
}

/** One attempt. What was accepted is handed back to be settled with others; everything else is settled. */
async function sendOne(
  { ledger, channel, log, leases, now }: LaneTools,
  claim: Claim,
  signal: AbortSignal,
): Promise<readonly SentAttempt[]> {
  const { part, attempt } = claim;
  const lost = new AbortController();
  const keepLease = every(leases.attempt / 3, async () => {
    if (!(await ledger.renew(attempt, leases.attempt))) lost.abort(new Error('the lease was lost'));
  });
  const stop = AbortSignal.any([lost.signal, AbortSignal.timeout(leases.send * 1000)]);
  let outcome: SendOutcome;
  try {
    const until = claim.quiet && quietUntil(claim.quiet, now());
    outcome = until
      ? { kind: 'later', reason: "the recipient's quiet hours", at: until, scope: 'pace' }
      : await channel.send(part, () => ledger.renew(attempt, leases.attempt), stop);
  } catch (error) {
    outcome = { kind: 'unclear', reason: withoutAddresses(messageOf(error)) };
  } finally {
    await keepLease.stop();
  }
  const settlement = afterAttempt(outcome, claim.spent + 1, now(), Math.random(), part.mayHaveGone);
  if (settlement.kind === 'sent') return [{ attempt, settlement }];
  log.warn({ report: part.report, slot: part.slot, part: part.reference, reason: settlement.reason }, settlement.kind);
  await surely(() => ledger.settle(attempt, settlement), signal);
  return [];
}

/** Seconds between tries while the ledger cannot be reached: a database that is started again is back by then. */
const tryAgain = [0, 1, 2, 4, 8, 15, 30];

/**
 * Tells the ledger something though the connection to it is lost meanwhile. After the last try, or a stop, the lease runs
 * out and the part is unclear.
 */
async function surely(tell: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  for (const seconds of tryAgain) {
    try {
      await tell();
      return;
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'unreachable' || signal.aborted) throw error;
      await pause(seconds * 1000, undefined, { signal }).catch(() => {});
    }
  }
  await tell();
}

/** Does something again and again until it is stopped; stopping waits for what is under way. A failure ends nothing: the lease does. */
function every(seconds: number, work: () => Promise<void>): { readonly stop: () => Promise<void> } {
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(work).catch(() => {});
  }, seconds * 1000);
  return {
    stop: () => {
      clearInterval(timer);
      return running;
    },
  };
}

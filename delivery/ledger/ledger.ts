import type { Database } from '#engine';
import type { SendLedger } from '../send/send-ledger.ts';
import type { SessionStore } from '../send/sessions.ts';
import { type ByHand, byHandOf } from './by-hand.ts';
import { claimParts } from './claim.ts';
import { type Editions, editionsOf } from './editions.ts';
import { readTrail, type TrailEvent, type TrailFilter } from './events.ts';
import { forgoClaim } from './forgo.ts';
import { type Hold, holdIfMoved, holdOf } from './hold.ts';
import { type LaneTrouble, lanesOf, readPace, readTroubles, readyLanes, resumeLane } from './lanes.ts';
import { renewAttempt, sweepAttempts } from './leases.ts';
import { type Messages, messagesOf } from './messages.ts';
import { migrate } from './migrate.ts';
import { type Purge, purgeOf } from './purge.ts';
import { type Receipts, receiptsOf } from './receipts.ts';
import { readSecret } from './secret.ts';
import { sessionOf } from './sessions.ts';
import { settleAttempt } from './settle.ts';
import { type Slots, slotsOf } from './slots.ts';
import { readSuppressed, type Suppressions, suppressionsOf, unsubscribe } from './suppressions.ts';
import { schemaOf, tablesOf } from './tables.ts';
import { countSince, type Trouble, troublesSince } from './troubles.ts';
import { type Unclear, unclearOf } from './unclear.ts';

/** What delivery remembers, in the state database. */
export interface Ledger {
  /** The secret of the messages' keys. */
  readonly secret: string;
  readonly slots: Slots;
  readonly editions: Editions;
  readonly messages: Messages;
  readonly sending: SendLedger;
  readonly unclear: Unclear;
  readonly byHand: ByHand;
  readonly receipts: Receipts;
  readonly hold: Hold;
  readonly purge: Purge;
  readonly suppressions: Suppressions;
  /** What a lane's linked device keeps. */
  session(lane: string): SessionStore;
  /** Makes unclear what was being sent under a lease that ran out; returns how many parts that were. */
  sweep(): Promise<number>;
  /** Which of these lanes have something to send now. */
  ready(lanes: readonly string[]): Promise<string[]>;
  /** Lanes that could not send at their last attempt. */
  troubles(): Promise<LaneTrouble[]>;
  /** Lets a lane in trouble try again at once. */
  resume(lane: string): Promise<void>;
  /** Seconds that an accepted attempt in a lane took lately, on average; undefined before the first. */
  pace(lane: string): Promise<number | undefined>;
  /** Why addresses of a lane do not get a report, by address. */
  suppressed(lane: string, addresses: readonly string[], report: string): Promise<ReadonlyMap<string, string>>;
  /** Ends a report for the address that a part went to; false when there is no such part. */
  unsubscribe(reference: string): Promise<boolean>;
  troublesSince(since: Date): Promise<Trouble[]>;
  /** Messages of slots opened since, by report and state. */
  countSince(since: Date): ReturnType<Messages['count']>;
  trail(filter: TrailFilter): Promise<TrailEvent[]>;
}

/** Opens the ledger of a target, bringing its schema up to this program. The database stays its opener's to close. */
export async function openLedger(database: Database, target: string): Promise<Ledger> {
  const schema = schemaOf(target);
  await migrate(database, schema);
  const t = tablesOf(schema);
  await holdIfMoved(database, t, schema);
  return {
    secret: await readSecret(database, t),
    slots: slotsOf(database, t),
    editions: editionsOf(database, t),
    messages: messagesOf(database, t),
    sending: {
      ...lanesOf(database, t),
      claim: (wish) => claimParts(database, t, wish),
      forgo: (owner) => forgoClaim(database, t, owner),
      renew: (attempt, seconds) => renewAttempt(database, t, attempt, seconds),
      settle: (attempt, settlement) => settleAttempt(database, t, attempt, settlement),
    },
    unclear: unclearOf(database, t),
    byHand: byHandOf(database, t),
    receipts: receiptsOf(database, t),
    hold: holdOf(database, t),
    purge: purgeOf(database, t),
    suppressions: suppressionsOf(database, t),
    session: (lane) => sessionOf(database, t, lane),
    sweep: () => sweepAttempts(database, t),
    ready: (lanes) => readyLanes(database, t, lanes),
    resume: (lane) => resumeLane(database, t, lane),
    troubles: () => readTroubles(database, t),
    pace: (lane) => readPace(database, t, lane),
    suppressed: (lane, addresses, report) => readSuppressed(database, t, lane, addresses, report),
    unsubscribe: (reference) => unsubscribe(database, t, reference),
    troublesSince: (since) => troublesSince(database, t, since),
    countSince: (since) => countSince(database, t, since),
    trail: (filter) => readTrail(database, t, filter),
  };
}

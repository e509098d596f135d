import { setTimeout as pause } from 'node:timers/promises';
import { type Log, messageOf } from '#engine';

/** How often the daemon looks, in milliseconds, and after how many seconds an unclear part is held for a person. */
export interface Rounds {
  readonly slots: number;
  /** For lanes with something to send: one small question for all of them. */
  readonly lanes: number;
  /** For leases that ran out and parts that are unclear. */
  readonly unclear: number;
  /** For bounces and whatever else providers keep for us. */
  readonly receipts: number;
  /** A report is looked at when its schedule ticks, and at least this often: another process may have changed its slots. */
  readonly reports: number;
  /** For troubles that owners are to know. */
  readonly notices: number;
  readonly ping: number;
  /** For what retention takes away. */
  readonly purge: number;
  readonly afterFailure: number;
  readonly holdAfter: number;
}

export const usualRounds: Rounds = {
  slots: 1_000,
  lanes: 200,
  unclear: 5_000,
  receipts: 60_000,
  reports: 60_000,
  notices: 15_000,
  ping: 60_000,
  purge: 6 * 3_600_000,
  afterFailure: 60_000,
  holdAfter: 600,
};

/** Milliseconds that a round may go without ending well before the daemon is no longer well. */
const wellFor = 10 * 60_000;

/** Rounds that are repeated side by side until a signal, and whether each of them ends well. */
export interface Repeater {
  /** Repeats a round; one that fails is logged and repeated like any other, after a longer wait. */
  repeat(name: string, wait: number, round: () => Promise<void>): Promise<void>;
  /** Whether every round has lately ended well, or has begun no longer ago than that. */
  well(): boolean;
}

export function openRepeater(log: Log, signal: AbortSignal): Repeater {
  const wellAt = new Map<string, number>();
  return {
    async repeat(name, wait, round) {
      wellAt.set(name, Date.now());
      while (!signal.aborted) {
        let next = wait;
        try {
          await round();
          wellAt.set(name, Date.now() + wait);
        } catch (error) {
          if (!signal.aborted) log.error({ round: name, error: messageOf(error) }, 'a round failed');
          next = Math.max(wait, 5_000);
        }
        await pause(next, undefined, { signal }).catch(() => {});
      }
    },
    well: () => [...wellAt.values()].every((at) => Date.now() - at < wellFor),
  };
}

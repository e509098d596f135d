import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../log/log.ts';
import { classify, sqlErrorOf } from '../warehouse/sql-error.ts';

/** How often and how long to try again. Times in milliseconds. */
export interface RetryRule {
  readonly attempts: number;
  readonly base: number;
  readonly cap: number;
}

/** Over a minute in all: a warehouse that fails over or restarts is back by then. */
export const usualRetries: RetryRule = { attempts: 8, base: 250, cap: 30_000 };

/** How much a step may still be tried again; one patience for all that a step does, so that tries do not multiply. */
export interface Patience {
  /** Returns when it is time to try again. Throws the error itself when it would come again, or was met too often. */
  retry(error: unknown): Promise<void>;
}

/** Opens the patience of one step. An aborted signal ends any wait by throwing its reason. */
export function openPatience(rule: RetryRule, signal: AbortSignal, log: Log): Patience {
  let attempt = 1;
  return {
    async retry(error) {
      if (attempt >= rule.attempts || !comesRight(error)) throw error;
      const ms = fullJitter(rule, attempt, Math.random());
      attempt += 1;
      log.warn({ attempt, wait_ms: ms, state: sqlErrorOf(error)?.sqlState ?? null }, 'trying again');
      await pause(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
    },
  };
}

/**
 * Any time up to the doubled bound: those who were turned away together do not come back together (AWS Architecture
 * Blog, "Exponential Backoff And Jitter", 2015). `chance` is in [0, 1).
 */
export function fullJitter({ base, cap }: RetryRule, attempt: number, chance: number): number {
  return Math.floor(chance * Math.min(cap, base * 2 ** (attempt - 1)));
}

/**
 * Whether the same work may succeed later: the transient class, and of the conflicts those over the catalogue's own rows
 * (two that create one schema at once), where the other's work is found done.
 */
export function comesRight(error: unknown): boolean {
  const kind = classify(error);
  return kind === 'transient' || (kind === 'conflict' && /^pg_/.test(sqlErrorOf(error)?.constraint ?? ''));
}

import type { Dag } from '../project/dag.ts';
import type { ErrorClass } from '../warehouse/sql-error.ts';

export type AfterFailure = { readonly kind: 'again'; readonly notBefore: number } | { readonly kind: 'give-up' };

/**
 * What to do about a run that failed. `attempts` counts it. Errors that may pass are tried again after a random wait
 * between the backoff's ends, its upper end doubling with each attempt (jitter, so that dags do not come back as a herd).
 * `chance` in [0, 1).
 */
export function afterFailure(
  { attempts: allowed, backoff }: Dag['retries'],
  attempts: number,
  kind: ErrorClass,
  now: number,
  chance: number,
): AfterFailure {
  if (kind === 'permanent' || attempts >= allowed) return { kind: 'give-up' };
  const ceiling = Math.min(backoff.until, backoff.from * 2 ** attempts);
  return { kind: 'again', notBefore: now + Math.round(backoff.from + chance * (ceiling - backoff.from)) };
}

/** A run that takes its scheduler down with it (out of memory, say) is given up after so many times. */
export const mostInterruptions = 10;

import type { Place } from '../fault.ts';
import type { Build, Load, Pass } from '../plan/record.ts';

/** A rule that rows of a build break. */
export interface AuditFailure {
  readonly audit: string;
  readonly severity: 'error' | 'warn';
  /** Where it is written. */
  readonly place?: Place;
  /** How many rows break it; at least one. */
  readonly count: number;
  /** Some of them, to look at. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** The table that keeps up to 1,000 of them, for some days. */
  readonly kept: string;
}

/** What became of one step. */
export type Outcome =
  /** Published. `unchanged`: the rows were what they had been, so nothing that reads them has to move. */
  | {
      readonly kind: 'built';
      readonly rows: number;
      readonly unchanged: boolean;
      readonly builds: readonly Build[];
      readonly loads: readonly Load[];
      readonly warnings: readonly AuditFailure[];
    }
  /** Rows that stand have met audits that are new; none that blocks was broken. */
  | { readonly kind: 'audited'; readonly passes: readonly Pass[]; readonly warnings: readonly AuditFailure[] }
  /** Nothing to do any more when its turn came: what it waited for had not changed. */
  | { readonly kind: 'current' }
  /** A blocking audit failed, on the stage or on rows that stand; what was published before stays. */
  | {
      readonly kind: 'audit-failed';
      readonly rows: number;
      readonly failures: readonly AuditFailure[];
      /** The stage that failed, kept for some days; undefined for a view, which is nothing but its query, and for rows that stand. */
      readonly evidence: string | undefined;
    }
  /** Another run had published newer work. */
  | { readonly kind: 'lost'; readonly message: string }
  /** Something it needs did not succeed. */
  | { readonly kind: 'blocked'; readonly by: string }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'cancelled' };

/** Whether what comes after may go on: newer work of another run is as good as ours. */
export function succeeded({ kind }: Outcome): boolean {
  return kind === 'built' || kind === 'audited' || kind === 'current' || kind === 'lost';
}

import type { Range } from '../time/range.ts';
import type { Segment } from './segments.ts';

/** One file found for a source: what it is and what it covers. */
export interface FoundFile {
  readonly source: string;
  /** Its name, by which a later file replaces it. */
  readonly file: string;
  /** Where it can be read. */
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  readonly modifiedAt: number;
  /** The stretch it covers; undefined where the source has no time column. */
  readonly range?: Range;
  /** Where its lines are: the version of a day that is as it was loaded before, or `anew`. */
  readonly segments?: readonly Segment[];
  /** What tells each day's lines from others, by date; kept with the load for the next comparison. */
  readonly days?: Readonly<Record<string, string>>;
}

/** Stands for the version that a load will have. */
export const anew = '';

/** What was seen of a table that others load. */
export interface Observation {
  readonly source: string;
  /** Stretches that are over for the first time, or whose rows have changed; of a table without time, one without range. */
  readonly windows: readonly ObservedWindow[];
}

export interface ObservedWindow {
  /** The stretch in words, by which it is seen again. */
  readonly name: string;
  readonly range?: Range;
  /** What tells its rows from others; empty where nobody will look again. */
  readonly fingerprint: string;
  readonly rows: number;
}

interface Common {
  /** Counts from 1 in the order of the plan. */
  readonly id: number;
  readonly model: string;
  readonly reason: string;
  /** Steps that must have ended well before this one. */
  readonly needs: readonly number[];
}

/** One thing that a run does. `plan` prints the very list that `run` performs. */
export type Step =
  | (Common & { readonly kind: 'load'; readonly file: FoundFile })
  | (Common & { readonly kind: 'observe'; readonly seen: Observation })
  | (Common & {
      readonly kind: 'view' | 'table';
      /** Build it anew, all rows, although it is current. */
      readonly forced: boolean;
    })
  | (Common & {
      readonly kind: 'window';
      readonly range: Range;
      /** Build it although it is current: a backfill. */
      readonly forced: boolean;
      /** The table takes the query's columns over: a full refresh. */
      readonly refresh: boolean;
    })
  /** Asks the audits of rows that stand, published under other audits; nothing is built. */
  | (Common & { readonly kind: 'audit'; readonly range?: Range });

/** Something selected that cannot be built yet. */
export interface Waiting {
  readonly model: string;
  readonly range?: Range;
  readonly reason: string;
}

/** Something selected that stays as an earlier definition made it. */
export interface Kept {
  readonly model: string;
  readonly range: Range;
  readonly reason: string;
}

export interface Plan {
  readonly steps: readonly Step[];
  readonly waiting: readonly Waiting[];
  readonly kept: readonly Kept[];
}

import type { Range } from '../time/range.ts';
import type { Segment } from './segments.ts';

/** What a build read of one input: its versions by time, or the one version of an input without time. */
export type InputVersions =
  | { readonly kind: 'timed'; readonly segments: readonly Segment[] }
  | { readonly kind: 'whole'; readonly version: string };

/** One replacement of a contiguous range of windows, of a whole table, or of a view's definition. */
export interface Build {
  readonly model: string;
  /** Counts the builds of one model, in the order of their commits. */
  readonly sequence: number;
  readonly id: string;
  /** The version of the data it left: its own id, or the version it found unchanged. */
  readonly version: string;
  /** Undefined for views and full tables. */
  readonly range?: Range;
  /** Hash of the canonical SQL and of the header's words that change what it means. */
  readonly sqlHash: string;
  readonly inputs: Readonly<Record<string, InputVersions>>;
  /** Which table it went into, as the catalogue knows tables: one that is dropped and made anew is another. */
  readonly relation?: string;
  /** As far as windows were due when it was built; tells which windows a newer one brings up again by `lookback`. */
  readonly horizon?: number;
  /** Hashes of the audits that its rows were asked before they were published, and passed where they block. */
  readonly audits?: readonly string[];
}

/** One file whose rows stand in a source's table, or one stretch of a table that others load, as it was seen. */
export interface Load {
  readonly source: string;
  /** The file's name, or the stretch in words; a later load of the same name replaces it. */
  readonly file: string;
  readonly sequence: number;
  readonly id: string;
  readonly sha256: string;
  /** Size in bytes and time of change, by which a file is known not to have changed without reading it. */
  readonly size: number;
  readonly modifiedAt: number;
  /** The stretch it covers; undefined where the source has no time column. */
  readonly range?: Range;
  /** Which table it went into, as of a build. */
  readonly relation?: string;
  /** The versions of what it holds, by time; days of its range without lines may have none. Default: `id` throughout. */
  readonly segments?: readonly Segment[];
}

/** Audits that rows of a build have passed since it was published; without a range, all its rows. */
export interface Pass {
  readonly model: string;
  /** Id of the build whose rows they were. */
  readonly build: string;
  readonly range?: Range;
  readonly audits: readonly string[];
}

/** What the warehouse says has been built and loaded; newest last. */
export interface Recorded {
  builds(model: string): readonly Build[];
  /** The latest load of each file. */
  loads(source: string): readonly Load[];
  /** Audits that published rows have passed since. */
  passes(model: string): readonly Pass[];
  /** The highest sequence recorded of a model or source, also of what does not count any more; 0 for none. */
  sequence(name: string): number;
}

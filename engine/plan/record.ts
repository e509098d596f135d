import type { Range } from '../time/range.ts';

/** A stretch of time and the version of the data in it. Equal versions mean equal data, read again or not. */
export interface Segment extends Range {
  readonly version: string;
}

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
}

/** One file whose rows stand in a source's table. */
export interface Load {
  readonly source: string;
  /** The file's name; a file of the same name replaces it. */
  readonly file: string;
  readonly sequence: number;
  readonly id: string;
  readonly sha256: string;
  /** Size in bytes and time of change, by which a file is known not to have changed without reading it. */
  readonly size: number;
  readonly modifiedAt: number;
  /** The stretch it covers; undefined where the source has no time column. */
  readonly range?: Range;
}

/** What the warehouse says has been built and loaded; newest last. */
export interface Recorded {
  builds(model: string): readonly Build[];
  /** The latest load of each file. */
  loads(source: string): readonly Load[];
}

/** Which build each stretch of time has now: of builds that overlap, the one committed last. */
export function overlay(builds: readonly Build[]): (Range & { readonly build: Build })[] {
  const layers = builds
    .filter((build): build is Build & { readonly range: Range } => build.range !== undefined)
    .sort((a, b) => b.sequence - a.sequence);
  const top: (Range & { readonly build: Build })[] = [];
  for (const build of layers) {
    let free: Range[] = [build.range];
    for (const above of top) {
      free = free.flatMap((range) => without(range, above));
      if (free.length === 0) break;
    }
    for (const range of free) top.push({ ...range, build });
  }
  return top.sort((a, b) => a.from - b.from);
}

function without(range: Range, hole: Range): Range[] {
  if (hole.until <= range.from || range.until <= hole.from) return [range];
  const left = [];
  if (range.from < hole.from) left.push({ from: range.from, until: hole.from });
  if (hole.until < range.until) left.push({ from: hole.until, until: range.until });
  return left;
}

/** The part of segments that lies within a range. */
export function cut(segments: readonly Segment[], within: Range): Segment[] {
  const parts: Segment[] = [];
  for (const segment of segments) {
    const from = Math.max(segment.from, within.from);
    const until = Math.min(segment.until, within.until);
    if (from < until) parts.push({ from, until, version: segment.version });
  }
  return parts;
}

/** Segments with neighbours of one version joined: the form in which they are compared and kept. */
export function join(segments: readonly Segment[]): Segment[] {
  const joined: Segment[] = [];
  for (const segment of segments) {
    const last = joined.at(-1);
    if (last && last.until === segment.from && last.version === segment.version) {
      joined[joined.length - 1] = { ...last, until: segment.until };
    } else {
      joined.push(segment);
    }
  }
  return joined;
}

/** Where two lists of segments differ within a range: another version, or data on one side only. Both sorted. */
export function differences(before: readonly Segment[], now: readonly Segment[], within: Range): Range[] {
  const edges = new Set([within.from, within.until]);
  for (const { from, until } of [...cut(before, within), ...cut(now, within)]) edges.add(from).add(until);
  const sorted = [...edges].sort((a, b) => a - b);
  const different: Range[] = [];
  const versionIn = versionReader(before);
  const versionNow = versionReader(now);
  for (let index = 0; index + 1 < sorted.length; index += 1) {
    const from = sorted[index] as number;
    const until = sorted[index + 1] as number;
    if (versionIn(from) === versionNow(from)) continue;
    const last = different.at(-1);
    if (last && last.until === from) different[different.length - 1] = { from: last.from, until };
    else different.push({ from, until });
  }
  return different;
}

/** Reads the version at ever later instants, in one pass over sorted segments. */
function versionReader(segments: readonly Segment[]): (at: number) => string | undefined {
  let index = 0;
  return (at) => {
    while (index < segments.length && (segments[index] as Segment).until <= at) index += 1;
    const segment = segments[index];
    return segment && segment.from <= at ? segment.version : undefined;
  };
}

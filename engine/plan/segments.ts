import { createHash } from 'node:crypto';
import type { Range } from '../time/range.ts';

/** A stretch of time and the version of the data in it. Equal versions mean equal data, read again or not. */
export interface Segment extends Range {
  readonly version: string;
}

/** The parts of sorted, disjoint stretches that lie within a range. Found by bisection: time is long, ranges are short. */
export function cut<S extends Range>(stretches: readonly S[], within: Range): S[] {
  const parts: S[] = [];
  for (let index = firstEndingAfter(stretches, within.from); index < stretches.length; index += 1) {
    const stretch = stretches[index] as S;
    if (stretch.from >= within.until) break;
    const inside = stretch.from >= within.from && stretch.until <= within.until;
    const from = Math.max(stretch.from, within.from);
    parts.push(inside ? stretch : { ...stretch, from, until: Math.min(stretch.until, within.until) });
  }
  return parts;
}

/** Where, in sorted and disjoint stretches, the first one ends that ends after an instant. */
export function firstEndingAfter(stretches: readonly Range[], instant: number): number {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stretches[middle] as Range).until <= instant) low = middle + 1;
    else high = middle;
  }
  return low;
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

/** Where two sorted lists of segments differ within a range: another version, or data on one side only. */
export function differences(before: readonly Segment[], now: readonly Segment[], within: Range): Range[] {
  const then = cut(before, within);
  const here = cut(now, within);
  const edges = new Set([within.from, within.until]);
  for (const { from, until } of then) edges.add(from).add(until);
  for (const { from, until } of here) edges.add(from).add(until);
  const sorted = [...edges].sort((a, b) => a - b);
  const different: Range[] = [];
  const versionThen = versionReader(then);
  const versionHere = versionReader(here);
  for (let index = 0; index + 1 < sorted.length; index += 1) {
    const from = sorted[index] as number;
    const until = sorted[index + 1] as number;
    if (versionThen(from) === versionHere(from)) continue;
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

/** Segments of stretches that may overlap: where several hold data, the version names them all. */
export function layered(stretches: readonly Segment[]): Segment[] {
  const coming = stretches.toSorted((a, b) => a.from - b.from);
  const edges = [...new Set(stretches.flatMap(({ from, until }) => [from, until]))].sort((a, b) => a - b);
  const segments: Segment[] = [];
  let next = 0;
  let here: Segment[] = [];
  for (let index = 0; index + 1 < edges.length; index += 1) {
    const from = edges[index] as number;
    here = here.filter((stretch) => stretch.until > from);
    for (; coming[next]?.from === from; next += 1) here.push(coming[next] as Segment);
    if (here.length === 0) continue;
    const version = combine(here.map((stretch) => stretch.version));
    segments.push({ from, until: edges[index + 1] as number, version });
  }
  return join(segments);
}

/** One short name for several versions, whatever their order; a single version keeps its own. */
export function combine(versions: readonly string[]): string {
  const [only, ...others] = versions;
  if (only !== undefined && others.length === 0) return only;
  return createHash('sha256').update(versions.toSorted().join('\n')).digest('hex').slice(0, 16);
}

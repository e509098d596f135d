import type { Range } from '../time/range.ts';
import type { Build } from './record.ts';
import { cut, firstEndingAfter } from './segments.ts';

/** A stretch of time and the build that its rows are of. */
export interface BuiltRange extends Range {
  readonly build: Build;
}

/** Which build each stretch of time has now: of builds that overlap, the one committed last. Sorted. */
export function overlay(builds: readonly Build[]): BuiltRange[] {
  const top: BuiltRange[] = [];
  /** What newer builds hold, merged: a few ranges, however many builds made them. */
  const held: Range[] = [];
  for (const build of builds.toSorted((a, b) => b.sequence - a.sequence)) {
    if (!build.range) continue;
    const { from, until } = build.range;
    let at = from;
    for (const hole of cut(held, build.range)) {
      if (hole.from > at) top.push({ from: at, until: hole.from, build });
      at = hole.until;
    }
    if (at < until) top.push({ from: at, until, build });
    hold(held, build.range);
  }
  return top.sort((a, b) => a.from - b.from);
}

/** Adds a range to merged ones, in their place. */
function hold(held: Range[], { from, until }: Range): void {
  // Ranges that end exactly at its beginning are joined too.
  const first = firstEndingAfter(held, from - 1);
  let after = first;
  while (after < held.length && (held[after] as Range).from <= until) after += 1;
  const joined = held.slice(first, after);
  const start = Math.min(from, joined[0]?.from ?? from);
  const end = Math.max(until, joined.at(-1)?.until ?? until);
  held.splice(first, joined.length, { from: start, until: end });
}

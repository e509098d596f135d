/** A half-open stretch of time, `from` included, `until` not, in milliseconds since the epoch. Never empty. */
export interface Range {
  readonly from: number;
  readonly until: number;
}

/** Whether two ranges share an instant. */
export function meet(a: Range, b: Range): boolean {
  return a.from < b.until && b.from < a.until;
}

/** What both ranges hold, or undefined when they do not meet. */
export function common(a: Range, b: Range): Range | undefined {
  return meet(a, b) ? { from: Math.max(a.from, b.from), until: Math.min(a.until, b.until) } : undefined;
}

/** Sorted, disjoint, touching ranges joined: the shortest list that holds the same instants. */
export function merge(ranges: Iterable<Range>): Range[] {
  const sorted = [...ranges].sort((a, b) => a.from - b.from);
  const merged: Range[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last && range.from <= last.until) {
      merged[merged.length - 1] = { from: last.from, until: Math.max(last.until, range.until) };
    } else {
      merged.push({ from: range.from, until: range.until });
    }
  }
  return merged;
}

/** The instants of `ranges` that no hole holds, merged. Linear after sorting. */
export function subtract(ranges: Iterable<Range>, holes: Iterable<Range>): Range[] {
  const left: Range[] = [];
  const gone = merge(holes);
  let first = 0;
  for (const range of merge(ranges)) {
    let from = range.from;
    while (first < gone.length && (gone[first] as Range).until <= range.from) first += 1;
    for (let index = first; index < gone.length; index += 1) {
      const hole = gone[index] as Range;
      if (hole.from >= range.until) break;
      if (hole.from > from) left.push({ from, until: hole.from });
      from = Math.max(from, hole.until);
    }
    if (from < range.until) left.push({ from, until: range.until });
  }
  return left;
}

/** The instants that both lists hold, merged. */
export function intersect(a: Iterable<Range>, b: Iterable<Range>): Range[] {
  const left = merge(a);
  const right = merge(b);
  const both: Range[] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const one = left[i] as Range;
    const other = right[j] as Range;
    const shared = common(one, other);
    if (shared) both.push(shared);
    if (one.until < other.until) i += 1;
    else j += 1;
  }
  return both;
}

/** Whether the ranges together hold every instant of `range`. */
export function cover(ranges: Iterable<Range>, range: Range): boolean {
  return subtract([range], ranges).length === 0;
}

/** The smallest range that holds all of them, or undefined for none. */
export function span(ranges: Iterable<Range>): Range | undefined {
  const merged = merge(ranges);
  const first = merged[0];
  const last = merged.at(-1);
  return first && last ? { from: first.from, until: last.until } : undefined;
}

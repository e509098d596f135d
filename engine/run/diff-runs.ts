import type { RunBuild } from '../record/builds-by-run.ts';
import { common, type Range } from '../time/range.ts';

/** What a stretch of a table was after a run: its data's version, and its rows where the record counts just this stretch. */
export interface StoodThen {
  readonly version: string;
  readonly rows?: number;
}

/** A stretch whose data after one run was not what it was after another; without a range, a whole table or view. */
export interface RunChange {
  readonly range?: Range;
  /** Undefined where nothing was built. */
  readonly a: StoodThen | undefined;
  readonly b: StoodThen | undefined;
}

/**
 * Where one model's data differs between two moments: after the runs up to `a`, and up to `b`. Ids of runs sort by time.
 * The rows of then are gone; what is compared are the versions that the record gives to data, equal for equal rows.
 */
export function diffRuns(builds: readonly RunBuild[], a: string, b: string): RunChange[] {
  const then = (run: string) => builds.filter((build) => build.run <= run);
  const [before, after] = [then(a), then(b)];
  const edges = new Set([...before, ...after].flatMap(({ range }) => (range ? [range.from, range.until] : [])));
  if (edges.size === 0) {
    const [old, now] = [stood(before.at(-1)), stood(after.at(-1))];
    return old?.version === now?.version ? [] : [{ a: old, b: now }];
  }
  const sorted = [...edges].sort((one, other) => one - other);
  const changes: (RunChange & { readonly range: Range })[] = [];
  for (const [index, from] of sorted.slice(0, -1).entries()) {
    const range = { from, until: sorted[index + 1] as number };
    const [old, now] = [standing(before, range), standing(after, range)];
    if (old?.version === now?.version) continue;
    const last = changes.at(-1);
    const joins = last?.range.until === from && last.a?.version === old?.version && last.b?.version === now?.version;
    if (joins) changes[changes.length - 1] = { ...last, range: { from: last.range.from, until: range.until } };
    else changes.push({ range, a: old && { version: old.version }, b: now && { version: now.version } });
  }
  return changes.map(({ range, a: old, b: now }) => ({
    range,
    a: old && { ...old, ...counted(before, range) },
    b: now && { ...now, ...counted(after, range) },
  }));
}

/** The newest build over a stretch that no edge cuts. */
function standing(builds: readonly RunBuild[], stretch: Range): RunBuild | undefined {
  return builds.findLast(({ range }) => range && common(range, stretch));
}

function stood(build: RunBuild | undefined): StoodThen | undefined {
  return build && { version: build.version, rows: build.rows };
}

/** The rows of a stretch, where newest builds lie in it whole and are not partly covered by newer ones. */
function counted(builds: readonly RunBuild[], stretch: Range): { rows?: number } {
  let rows = 0;
  let at = stretch.from;
  while (at < stretch.until) {
    const from = at;
    const newest = standing(builds, { from, until: from + 1 });
    const { range } = newest ?? {};
    if (!newest || !range || range.from !== from || range.until > stretch.until) return {};
    const covered = builds.some(
      (other) => other.sequence > newest.sequence && other.range && common(other.range, range),
    );
    if (covered) return {};
    rows += newest.rows;
    at = range.until;
  }
  return { rows };
}

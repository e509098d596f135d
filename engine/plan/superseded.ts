import { cover, merge, type Range } from '../time/range.ts';
import type { Build } from './record.ts';

/**
 * The builds that no question about the record can meet any more, whatever comes: every window of theirs was built again
 * later, into the same table. The latest build of a model is never among them. `builds` are one model's.
 */
export function supersededBuilds(builds: readonly Build[]): Build[] {
  // A table that stands in another's place, or comes back to its own, is another: its builds answer for themselves.
  const byTable = Map.groupBy(builds, ({ relation }) => relation ?? '');
  return [...byTable.values()].flatMap((ofTable) => {
    const windowed = ofTable.filter(({ range }) => range !== undefined);
    const whole = ofTable.filter(({ range }) => range === undefined);
    return [...olderThanLast(whole), ...builtOver(windowed)];
  });
}

function olderThanLast(builds: readonly Build[]): readonly Build[] {
  const last = builds.reduce((latest, build) => Math.max(latest, build.sequence), 0);
  return builds.filter(({ sequence }) => sequence < last);
}

function builtOver(builds: readonly Build[]): Build[] {
  const superseded: Build[] = [];
  /** What later builds hold, and the least id among them: a request to build again asks for builds of later ids than its own. */
  let held: readonly Range[] = [];
  let leastId: string | undefined;
  for (const build of builds.toSorted((a, b) => b.sequence - a.sequence)) {
    if (!build.range) continue;
    if (leastId !== undefined && build.id < leastId && cover(held, build.range)) {
      superseded.push(build);
      continue;
    }
    held = merge([...held, build.range]);
    if (leastId === undefined || build.id < leastId) leastId = build.id;
  }
  return superseded;
}

import { edgeLiteral } from '../compile/edge.ts';
import { cut, type Segment } from '../plan/segments.ts';
import type { Model, Windowing } from '../project/model.ts';
import { type Calendar, windowsOf } from '../time/grain.ts';
import { cover, merge, type Range } from '../time/range.ts';
import type { RelationName } from '../warehouse/catalogue.ts';
import type { Session } from '../warehouse/database.ts';
import { noRows, type WindowSum, windowSums } from '../warehouse/window-sums.ts';

/** A window of a build with its rows as they stand, if any do, and as they were computed. */
export interface ComparedWindow extends Range {
  readonly old: WindowSum;
  readonly fresh: WindowSum;
}

/** A run of windows that have one version, as it is recorded. */
export interface RecordPart extends Segment {
  readonly rows: number;
  readonly checksum: string;
}

/**
 * Sums the rows of each window of a range, in the table and in the stage. Asked before the publishing transaction: a build
 * that comes in between is noticed by the fence, so that nobody waits for this.
 */
export async function compareWindows(
  session: Session,
  model: Model & { readonly windowing: Windowing },
  range: Range,
  relations: { readonly target: RelationName | undefined; readonly stage: RelationName },
  columns: readonly string[],
  calendar: Calendar,
): Promise<ComparedWindow[]> {
  const windows = [...windowsOf(model.windowing.grain, range, calendar)];
  const edges = [range.from, ...windows.map((window) => window.until)].map((at) => edgeLiteral(at, model, calendar));
  const { timeColumn } = model.windowing;
  const fresh = await windowSums(session, relations.stage, columns, timeColumn, edges);
  const old = relations.target && (await windowSums(session, relations.target, columns, timeColumn, edges));
  return windows.map((window, index) => ({ ...window, old: old?.[index] ?? noRows, fresh: fresh[index] ?? noRows }));
}

/**
 * Which windows have to be replaced, and the versions to record: a window whose rows are what they were keeps the version
 * that `earlier` builds gave it, every other one gets `id`. Windows of one version are one part.
 */
export function versionsOf(
  windows: readonly ComparedWindow[],
  earlier: readonly Segment[],
  id: string,
): { readonly parts: readonly RecordPart[]; readonly changed: readonly Range[] } {
  const parts: (Segment & WindowSum)[] = [];
  const changed: Range[] = [];
  for (const { from, until, old, fresh } of windows) {
    const window = { from, until };
    const kept = cut(earlier, window);
    const same = old.rows === fresh.rows && old.hashes === fresh.hashes && cover(kept, window);
    if (!same) changed.push(window);
    const version = same && kept[0] ? kept[0].version : id;
    const last = parts.at(-1);
    if (last?.version === version && last.until === from) {
      const rows = last.rows + fresh.rows;
      parts[parts.length - 1] = { from: last.from, until, version, rows, hashes: last.hashes + fresh.hashes };
    } else {
      parts.push({ ...window, version, ...fresh });
    }
  }
  return {
    parts: parts.map(({ hashes, ...part }) => ({ ...part, checksum: `${part.rows}:${hashes}` })),
    changed: merge(changed),
  };
}

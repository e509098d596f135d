import { edgeLiteral } from '../compile/edge.ts';
import { cut, type Segment } from '../plan/segments.ts';
import type { Model, Windowing } from '../project/model.ts';
import { type Calendar, windowsOf } from '../time/grain.ts';
import { cover, merge, type Range } from '../time/range.ts';
import { noRows, type WindowEdges, type WindowSum } from '../warehouse/window-sums.ts';

type Windowed = Model & { readonly windowing: Windowing };

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

/** The windows of a range as SQL tells them apart. */
export function windowEdges(model: Windowed, range: Range, calendar: Calendar): WindowEdges {
  const windows = [...windowsOf(model.windowing.grain, range, calendar)];
  const instants = [range.from, ...windows.map((window) => window.until)];
  return {
    timeColumn: model.windowing.timeColumn,
    edges: instants.map((at) => edgeLiteral(at, model, calendar)),
  };
}

/** Puts the sums of each window's rows, as they stand and as they were computed, beside each other. */
export function compareWindows(
  { windowing }: Windowed,
  range: Range,
  { old, fresh }: { readonly old: readonly WindowSum[] | undefined; readonly fresh: readonly WindowSum[] },
  calendar: Calendar,
): ComparedWindow[] {
  return [...windowsOf(windowing.grain, range, calendar)].map((window, index) => ({
    ...window,
    old: old?.[index] ?? noRows,
    fresh: fresh[index] ?? noRows,
  }));
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

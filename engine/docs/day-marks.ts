import { cut } from '../plan/segments.ts';
import { type Calendar, floorTo, nextAfter } from '../time/grain.ts';
import { merge, type Range } from '../time/range.ts';
import { civilDayAt, showDay } from '../time/zone.ts';
import type { DocumentedDays } from './site.ts';

/** How a table stands in time; ranges in any order. */
export interface Standing {
  readonly current: readonly Range[];
  readonly stale: readonly Range[];
  readonly missing: readonly Range[];
}

/** So many days are shown at most, the newest: four years. */
const mostDays = 1461;

/**
 * A sign for each business day from the first to the last that a table has anything to do with: `c` current, `1` to `9`
 * so many tenths of it current (hours that are built), `s` stale, `m` missing, `.` not asked for.
 */
export function dayMarks({ current, stale, missing }: Standing, calendar: Calendar): DocumentedDays | undefined {
  const all = merge([...current, ...stale, ...missing]);
  const [first, last] = [all.at(0), all.at(-1)];
  if (!first || !last) return undefined;
  const days: Range[] = [];
  for (let from = floorTo('day', first.from, calendar); from < last.until; ) {
    const until = nextAfter('day', from, calendar);
    days.push({ from, until });
    from = until;
  }
  const shown = days.slice(-mostDays);
  const layers = { current: merge(current), stale: merge(stale), missing: merge(missing) };
  const share = (ranges: readonly Range[], day: Range) =>
    cut(ranges, day).reduce((sum, { from, until }) => sum + until - from, 0) / (day.until - day.from);
  const marks = shown.map((day) => {
    const built = share(layers.current, day);
    if (share(layers.stale, day) > 0) return 's';
    if (built >= 0.999) return 'c';
    if (built > 0) return String(Math.min(9, Math.max(1, Math.round(built * 10))));
    return share(layers.missing, day) > 0 ? 'm' : '.';
  });
  return { first: showDay(civilDayAt(calendar.timezone, shown[0]?.from ?? first.from)), marks: marks.join('') };
}

import type { Load } from '../plan/record.ts';
import { cut, join, type Segment } from '../plan/segments.ts';
import { anew } from '../plan/step.ts';
import { type Calendar, windowsOf } from '../time/grain.ts';
import type { Range } from '../time/range.ts';
import { civilDayAt, showDay } from '../time/zone.ts';

/** What tells each day's lines of a file from others, by date; a day without lines is not in it. */
export type DayPrints = Readonly<Record<string, string>>;

/** A file as it was loaded before. */
export interface LoadedBefore {
  readonly load: Load;
  readonly days: DayPrints;
}

/**
 * The versions of a file's days. A day whose lines are those of the last load keeps its version; one whose lines came,
 * went or changed is `anew`. A day without lines counts as this file's only where no other file covers it.
 */
export function touchedDays(
  file: { readonly range: Range; readonly days: DayPrints },
  before: LoadedBefore | undefined,
  /** What other files cover, merged. */
  others: readonly Range[],
  calendar: Calendar,
): Segment[] {
  const loaded = before && (before.load.segments ?? wholly(before.load));
  const segments: Segment[] = [];
  for (const day of windowsOf('day', file.range, calendar)) {
    const date = showDay(civilDayAt(calendar.timezone, day.from));
    const print = file.days[date];
    const wasCovered = before?.load.range !== undefined && holds([before.load.range], day);
    if (wasCovered && before.days[date] === print) segments.push(...cut(loaded ?? [], day));
    else if (print !== undefined || before?.days[date] !== undefined || !holds(others, day)) {
      segments.push({ ...day, version: anew });
    }
  }
  return join(segments);
}

/** Whether one of some merged ranges holds a day. */
function holds(ranges: readonly Range[], day: Range): boolean {
  const [part] = cut(ranges, day);
  return part?.from === day.from && part.until === day.until;
}

function wholly({ range, id }: Load): Segment[] {
  return range ? [{ ...range, version: id }] : [];
}

import type { Range } from './range.ts';
import { type CivilDay, civilDayAt, instantOf, showDay, startOfDay, wallTimeAt, weekdayOf } from './zone.ts';

/** How long one window of a model is. Hours are whole UTC hours; the others follow the business calendar. */
export const grains = ['hour', 'day', 'week', 'month'] as const;
export type Grain = (typeof grains)[number];

/** The business calendar: whose midnight a day starts at, and which weekday a week starts on. */
export interface Calendar {
  readonly timezone: string;
  /** 0 Monday ... 6 Sunday. */
  readonly weekStarts: number;
}

const hour = 3_600_000;

/** The start of the window that holds an instant. */
export function floorTo(grain: Grain, instant: number, calendar: Calendar): number {
  if (grain === 'hour') return Math.floor(instant / hour) * hour;
  return startOfDay(calendar.timezone, floorDay(grain, civilDayAt(calendar.timezone, instant), calendar));
}

/** The start of the window after the one that holds an instant. */
export function nextAfter(grain: Grain, instant: number, calendar: Calendar): number {
  if (grain === 'hour') return Math.floor(instant / hour) * hour + hour;
  const first = floorDay(grain, civilDayAt(calendar.timezone, instant), calendar);
  return startOfDay(calendar.timezone, addDays(grain, first));
}

/** The smallest range of whole windows that holds a range. */
export function widen(grain: Grain, range: Range, calendar: Calendar): Range {
  const from = floorTo(grain, range.from, calendar);
  const last = floorTo(grain, range.until, calendar);
  return { from, until: last === range.until ? last : nextAfter(grain, range.until, calendar) };
}

/** The largest range of whole windows inside a range, or undefined when there is none. */
export function narrow(grain: Grain, range: Range, calendar: Calendar): Range | undefined {
  const floor = floorTo(grain, range.from, calendar);
  const from = floor === range.from ? floor : nextAfter(grain, range.from, calendar);
  const until = floorTo(grain, range.until, calendar);
  return from < until ? { from, until } : undefined;
}

/** The windows of a range of whole windows, one after another. */
export function* windowsOf(grain: Grain, range: Range, calendar: Calendar): Generator<Range> {
  for (let from = range.from; from < range.until; ) {
    const until = nextAfter(grain, from, calendar);
    yield { from, until };
    from = until;
  }
}

/** Cuts a range of whole windows into ranges of at most `size` windows. */
export function* batchesOf(grain: Grain, range: Range, size: number, calendar: Calendar): Generator<Range> {
  let count = 0;
  let from = range.from;
  for (const window of windowsOf(grain, range, calendar)) {
    count += 1;
    if (count === size) {
      yield { from, until: window.until };
      from = window.until;
      count = 0;
    }
  }
  if (count > 0) yield { from, until: range.until };
}

/** An edge as people read it: a date for business days, weeks and months, an instant in UTC for hours. */
export function showEdge(grain: Grain, instant: number, calendar: Calendar): string {
  if (grain === 'hour') return new Date(instant).toISOString().replace('.000Z', 'Z');
  return showDay(civilDayAt(calendar.timezone, instant));
}

/** A stretch of calendar time: hours are exact; days, weeks and months follow the calendar. */
export interface Duration {
  readonly count: number;
  readonly unit: 'minute' | 'hour' | 'day' | 'week' | 'month';
}

const units = { m: 'minute', h: 'hour', d: 'day', w: 'week', mo: 'month' } as const;

/** Reads `90m`, `6h`, `13d`, `2w`, `1mo`; undefined for anything else. */
export function parseDuration(text: string): Duration | undefined {
  const match = /^(\d+)(mo|m|h|d|w)$/.exec(text);
  return match ? { count: Number(match[1]), unit: units[match[2] as keyof typeof units] } : undefined;
}

/** An instant moved by a duration, `sign` 1 forward or -1 back, on the zone's own calendar. */
export function shift(instant: number, duration: Duration, sign: 1 | -1, calendar: Calendar): number {
  const { count, unit } = duration;
  if (unit === 'minute') return instant + (sign * count * hour) / 60;
  if (unit === 'hour') return instant + sign * count * hour;
  const wall = wallTimeAt(calendar.timezone, instant);
  const civil = Math.floor(wall / (24 * hour));
  const timeOfDay = wall - civil * 24 * hour;
  const moved = unit === 'month' ? addMonths(civil, sign * count) : civil + sign * count * (unit === 'week' ? 7 : 1);
  return instantOf(calendar.timezone, moved * 24 * hour + timeOfDay);
}

function floorDay(grain: Exclude<Grain, 'hour'>, civil: CivilDay, calendar: Calendar): CivilDay {
  if (grain === 'day') return civil;
  if (grain === 'week') return civil - ((weekdayOf(civil) - calendar.weekStarts + 7) % 7);
  const date = new Date(civil * 24 * hour);
  return civil - (date.getUTCDate() - 1);
}

function addDays(grain: Exclude<Grain, 'hour'>, first: CivilDay): CivilDay {
  if (grain === 'day') return first + 1;
  if (grain === 'week') return first + 7;
  return addMonths(first, 1);
}

/** Months later on the same date, or on the last of the month where it has no such date. */
function addMonths(civil: CivilDay, months: number): CivilDay {
  const date = new Date(civil * 24 * hour);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0)).getUTCDate();
  return first / (24 * hour) + Math.min(date.getUTCDate(), length) - 1;
}

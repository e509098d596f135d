const minute = 60_000;
const day = 24 * 60 * minute;

/** A civil date as the number of days since 1970-01-01: plain arithmetic, no zone. */
export type CivilDay = number;

interface ZoneClock {
  readonly format: Intl.DateTimeFormat;
  /** Offset in ms by UTC day, where the whole UTC day has one offset; null where it changes within. */
  readonly steady: Map<number, number | null>;
}

const clocks = new Map<string, ZoneClock>();

/** Whether the runtime knows a time zone by this IANA name. */
export function isTimeZone(zone: string): boolean {
  try {
    clockOf(zone);
    return true;
  } catch {
    return false;
  }
}

function clockOf(zone: string): ZoneClock {
  let clock = clocks.get(zone);
  if (!clock) {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    clock = { format, steady: new Map() };
    clocks.set(zone, clock);
  }
  return clock;
}

/** How far a zone's clocks are ahead of UTC at an instant, in ms. */
export function offsetAt(zone: string, instant: number): number {
  if (zone === 'UTC') return 0;
  const clock = clockOf(zone);
  const utcDay = Math.floor(instant / day);
  let steady = clock.steady.get(utcDay);
  if (steady === undefined) {
    const atStart = measure(clock, utcDay * day);
    steady = atStart === measure(clock, (utcDay + 1) * day - 1000) ? atStart : null;
    clock.steady.set(utcDay, steady);
  }
  return steady ?? measure(clock, instant);
}

function measure(clock: ZoneClock, instant: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of clock.format.formatToParts(instant)) parts[type] = Number(value);
  const { year = 0, month = 1, day: date = 1, hour = 0, minute: min = 0, second = 0 } = parts;
  const wall = Date.UTC(year, month - 1, date, hour, min, second);
  return wall - Math.floor(instant / 1000) * 1000;
}

/** The civil date that a zone's calendar shows at an instant. */
export function civilDayAt(zone: string, instant: number): CivilDay {
  return Math.floor((instant + offsetAt(zone, instant)) / day);
}

/** What a zone's clock shows at an instant, as if it were UTC: ms since the epoch of the wall time. */
export function wallTimeAt(zone: string, instant: number): number {
  return instant + offsetAt(zone, instant);
}

/**
 * The instant at which a zone's clock shows a wall time. A time that is skipped in spring gives the instant of the change;
 * one that comes twice in autumn gives the first.
 */
export function instantOf(zone: string, wall: number): number {
  const before = wall - offsetAt(zone, wall - day);
  if (wallTimeAt(zone, before) === wall) return before;
  const after = wall - offsetAt(zone, wall + day);
  if (wallTimeAt(zone, after) === wall) return after;
  let low = wall - offsetAt(zone, wall + day);
  let high = wall - offsetAt(zone, wall - day);
  if (low > high) [low, high] = [high, low];
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2 / 1000) * 1000;
    if (wallTimeAt(zone, middle) < wall) low = middle;
    else high = middle;
  }
  return high;
}

/** The first instant of a civil date in a zone (not always midnight: some zones change their clocks then). */
export function startOfDay(zone: string, civil: CivilDay): number {
  return instantOf(zone, civil * day);
}

/** `YYYY-MM-DD` of a civil date. */
export function showDay(civil: CivilDay): string {
  return new Date(civil * day).toISOString().slice(0, 10);
}

/** The civil date of `YYYY-MM-DD`, or undefined when there is no such date. */
export function parseDay(text: string): CivilDay | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text ? undefined : time / day;
}

/** Day of the week of a civil date: 0 Monday ... 6 Sunday. */
export function weekdayOf(civil: CivilDay): number {
  return (((civil + 3) % 7) + 7) % 7;
}

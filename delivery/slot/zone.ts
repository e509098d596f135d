import { instantOf as instantOfWall, wallTimeAt } from '#engine';
import type { CalendarDate } from './calendar-date.ts';

/** The day and time of day that clocks in a time zone show at an instant. */
export function localTime(at: Date, timezone: string): { readonly date: CalendarDate; readonly time: string } {
  const wall = new Date(wallTimeAt(timezone, at.getTime())).toISOString();
  return { date: wall.slice(0, 10), time: wall.slice(11, 19) };
}

/**
 * The instant at which clocks of a zone show this day and time (`HH:MM`). A time that occurs twice in autumn gives its
 * first instant; a time that spring leaves out gives the instant of the change.
 */
export function instantOf(date: CalendarDate, time: string, timezone: string): Date {
  return new Date(instantOfWall(timezone, Date.parse(`${date}T${time}:00Z`)));
}

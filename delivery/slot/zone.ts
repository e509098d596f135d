import type { CalendarDate } from './calendar-date.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

/** The day and time of day that clocks in a time zone show at an instant. */
export function localTime(at: Date, timezone: string): { readonly date: CalendarDate; readonly time: string } {
  let format = formats.get(timezone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(timezone, format);
  }
  const [date = '', time = ''] = format.format(at).split(' ');
  return { date, time };
}

/**
 * The instant at which clocks of a zone show this day and time (`HH:MM`). A time that occurs twice in autumn gives its
 * first instant; a time that spring leaves out gives the instant as much later as the clocks jumped.
 */
export function instantOf(date: CalendarDate, time: string, timezone: string): Date {
  const shown = Date.parse(`${date}T${time}:00Z`);
  const dayBefore = offsetAt(shown - 86_400_000, timezone);
  const dayAfter = offsetAt(shown + 86_400_000, timezone);
  const candidates = [shown - Math.max(dayBefore, dayAfter), shown - Math.min(dayBefore, dayAfter)];
  const exact = candidates.find((instant) => instant + offsetAt(instant, timezone) === shown);
  return new Date(exact ?? shown - dayBefore);
}

/** True when the runtime knows the time zone by this name. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Milliseconds that a zone's clocks are ahead of UTC at an instant. */
function offsetAt(instant: number, timezone: string): number {
  const whole = Math.floor(instant / 1000) * 1000;
  const { date, time } = localTime(new Date(whole), timezone);
  return Date.parse(`${date}T${time}Z`) - whole;
}

import {
  addDays,
  addMonths,
  type CalendarDate,
  firstOfMonth,
  isCalendarDate,
  isoWeekName,
  mondayOf,
  mondayOfWeekName,
} from './calendar-date.ts';
import { localTime } from './zone.ts';

/** What stretch of time one issue of a report is about. A `tick` report is about the instant of its tick. */
export type Period = 'day' | 'week' | 'month' | 'tick';

/** Half-open stretch of business days: `[from, until)`. */
export interface DayRange {
  readonly from: CalendarDate;
  readonly until: CalendarDate;
}

/** The period that holds a day: its name (`2021-12-21`, `2021-W51`, `2021-12`) is the slot's id. */
export function slotOf(date: CalendarDate, period: Exclude<Period, 'tick'>): string {
  if (period === 'day') return date;
  return period === 'week' ? isoWeekName(date) : date.slice(0, 7);
}

/** The days of the period that holds a day. */
export function daysOf(date: CalendarDate, period: Exclude<Period, 'tick'>): DayRange {
  if (period === 'day') return { from: date, until: addDays(date, 1) };
  if (period === 'week') return { from: mondayOf(date), until: addDays(mondayOf(date), 7) };
  return { from: firstOfMonth(date), until: addMonths(date, 1) };
}

/**
 * The day that a tick reports about: the last day of the last whole period before the tick's local day. A report that
 * ticks on Monday morning is about the week that ended on Sunday.
 */
export function dayReportedAt(tick: Date, period: Exclude<Period, 'tick'>, timezone: string): CalendarDate {
  const today = localTime(tick, timezone).date;
  return addDays(daysOf(today, period).from, -1);
}

/** A day that a person may write for a period: a date, a week's name or a month's name; undefined when it is none. */
export function parseDay(text: string): CalendarDate | undefined {
  if (isCalendarDate(text)) return text;
  if (/^\d{4}-\d{2}$/.test(text) && isCalendarDate(`${text}-01`)) return `${text}-01`;
  return mondayOfWeekName(text);
}

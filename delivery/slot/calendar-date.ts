/** A day of the calendar as `YYYY-MM-DD`: no time, no zone. Such texts sort as the days do. */
export type CalendarDate = string;

const pattern = /^(\d{4})-(\d{2})-(\d{2})$/;

/** True for a day that exists: `2021-02-30` does not. */
export function isCalendarDate(text: string): boolean {
  return pattern.test(text) && toDate(text)?.toISOString().slice(0, 10) === text;
}

export function addDays(date: CalendarDate, days: number): CalendarDate {
  return iso(atMidnight(date) + days * 86_400_000);
}

/** Day of the week by ISO 8601: 1 is Monday, 7 is Sunday. */
export function isoWeekday(date: CalendarDate): number {
  return new Date(atMidnight(date)).getUTCDay() || 7;
}

export function mondayOf(date: CalendarDate): CalendarDate {
  return addDays(date, 1 - isoWeekday(date));
}

export function firstOfMonth(date: CalendarDate): CalendarDate {
  return `${date.slice(0, 7)}-01`;
}

/** The first day of the month `months` later (or earlier) than the date's own. */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const count = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months;
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}-01`;
}

/** `2021-W51`: the ISO week is named by the year that holds its Thursday. */
export function isoWeekName(date: CalendarDate): string {
  const thursday = addDays(mondayOf(date), 3);
  const year = thursday.slice(0, 4);
  const week = Math.floor((atMidnight(thursday) - atMidnight(`${year}-01-01`)) / (7 * 86_400_000)) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}

/** The Monday of `2021-W51`; undefined when the text names no week of that year. */
export function mondayOfWeekName(name: string): CalendarDate | undefined {
  const found = /^(\d{4})-W(\d{2})$/.exec(name);
  if (!found) return undefined;
  // The fourth of January is always in the first ISO week.
  const monday = addDays(mondayOf(`${found[1]}-01-04`), (Number(found[2]) - 1) * 7);
  return isoWeekName(monday) === name ? monday : undefined;
}

function toDate(date: string): Date | undefined {
  const value = new Date(`${date}T00:00:00Z`);
  return Number.isNaN(value.getTime()) ? undefined : value;
}

function atMidnight(date: CalendarDate): number {
  return Date.parse(`${date}T00:00:00Z`);
}

function iso(milliseconds: number): CalendarDate {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

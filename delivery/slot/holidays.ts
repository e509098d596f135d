import { addDays, type CalendarDate, isoWeekday } from './calendar-date.ts';
import { type HolidayRule, type Slot, type SlotRule, slotAtTick } from './slot.ts';
import type { Ticks } from './ticks.ts';
import { instantOf, localTime } from './zone.ts';

/** A slot whose time has come; `holiday`: it falls on one and is left out. */
export interface PassedSlot {
  readonly slot: Slot;
  readonly holiday: boolean;
}

/** Days in a row that may be holidays: a calendar that names more than these has no working day. */
const longest = 31;

const names = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** Whether a day is one of the days off: dates and names of days of the week. */
export function holidaysOf(daysOff: readonly string[]): (date: CalendarDate) => boolean {
  const all = new Set(daysOff);
  return (date) => all.has(date) || all.has(names[isoWeekday(date) - 1] ?? '');
}

/**
 * A report's slots whose time came in `[since, now]`, newest first, at most `limit`. What falls on a holiday comes at the
 * same local time of the working day before or after, or is left out.
 */
export function slotsPassed(rule: SlotRule, ticks: Ticks, since: Date, now: Date, limit: number): PassedSlot[] {
  const { holidays, timezone } = rule;
  if (holidays === undefined) {
    return ticks.before(now, since, limit).map((tick) => ({ slot: slotAtTick(rule, tick), holiday: false }));
  }
  const { isHoliday, on } = holidays;
  // What moved into the stretch comes from the holidays right before it, or right after it.
  const first = lastOfRun(localTime(since, timezone).date, -1, isHoliday);
  const last = on === 'previous' ? lastOfRun(localTime(now, timezone).date, 1, isHoliday) : undefined;
  const from = instantOf(first, '00:00', timezone);
  const until = last === undefined ? now : new Date(instantOf(addDays(last, 1), '00:00', timezone).getTime() - 1000);
  return ticks
    .before(until, from < since ? from : since, limit + 2 * longest)
    .map((tick) => passedAt(rule, holidays, tick))
    .filter(({ slot }) => since <= slot.tick && slot.tick <= now)
    .slice(0, limit);
}

function passedAt(rule: SlotRule, { on, isHoliday }: HolidayRule, tick: Date): PassedSlot {
  const { date, time } = localTime(tick, rule.timezone);
  const slot = slotAtTick(rule, tick);
  if (!isHoliday(date)) return { slot, holiday: false };
  if (on === 'skip') return { slot, holiday: true };
  const before = addDays(lastOfRun(date, -1, isHoliday), -1);
  // Nothing can be said of a period before it is over.
  const over = rule.period === 'tick' || before >= slot.days.until;
  const day = on === 'previous' && over ? before : addDays(lastOfRun(date, 1, isHoliday), 1);
  const at = instantOf(day, time.slice(0, 5), rule.timezone).getTime() + tick.getUTCSeconds() * 1000;
  return { slot: slotAtTick(rule, tick, new Date(at)), holiday: false };
}

/** The furthest day of the holidays that follow a day without a gap, itself included. */
function lastOfRun(date: CalendarDate, step: 1 | -1, isHoliday: HolidayRule['isHoliday']): CalendarDate {
  let day = date;
  for (let count = 0; count < longest && isHoliday(addDays(day, step)); count += 1) day = addDays(day, step);
  return day;
}

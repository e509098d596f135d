import { addDays, type CalendarDate } from './calendar-date.ts';
import { type DayRange, dayReportedAt, daysOf, type Period, slotOf } from './period.ts';
import { instantOf, localTime } from './zone.ts';

/** What becomes of a slot whose tick falls on a holiday. */
export interface HolidayRule {
  readonly on: 'skip' | 'previous' | 'next';
  readonly isHoliday: (date: CalendarDate) => boolean;
}

/** What the slots of a report follow from. */
export interface SlotRule {
  readonly report: string;
  readonly period: Period;
  readonly timezone: string;
  /** Local time of day (`11:00`) until which a slot waits for its data; without it, it waits for ever. */
  readonly deadline?: string;
  /** Milliseconds after its tick for which a message is still worth sending. */
  readonly usefulFor?: number;
  /** Where it minds holidays. */
  readonly holidays?: HolidayRule;
}

/** A report at one period or instant. The id is unique within the report and never changes its meaning. */
export interface Slot {
  readonly report: string;
  readonly id: string;
  /** The business day the slot is called after: the last of its days. */
  readonly date: CalendarDate;
  readonly days: DayRange;
  /** The instant it became due, or was asked for. */
  readonly tick: Date;
  readonly deadline?: Date;
  readonly usefulUntil?: Date;
}

/** The slot that a tick of the schedule opens; `at` another instant where a holiday moves it. Its period is the tick's. */
export function slotAtTick(rule: SlotRule, tick: Date, at = tick): Slot {
  const limits = {
    ...(rule.deadline === undefined ? {} : { deadline: deadlineAfter(at, rule.deadline, rule.timezone) }),
    ...(rule.usefulFor === undefined ? {} : { usefulUntil: new Date(at.getTime() + rule.usefulFor) }),
  };
  const { report } = rule;
  if (rule.period === 'tick') {
    const today = localTime(at, rule.timezone).date;
    return { report, id: instantName(at), date: today, days: daysOf(today, 'day'), tick: at, ...limits };
  }
  const day = dayReportedAt(tick, rule.period, rule.timezone);
  return { report, id: slotOf(day, rule.period), ...lastDay(daysOf(day, rule.period)), tick: at, ...limits };
}

/**
 * The slot of a day (any day of the week or month) as a person asks for it. It has neither deadline nor expiry: whoever
 * asks waits for an answer, not for a clock. A `tick` report asked for by hand gets the slot `asked/<run id>`.
 */
export function slotAskedFor(rule: SlotRule, day: CalendarDate, now: Date, runId: string): Slot {
  if (rule.period === 'tick') {
    return { report: rule.report, id: `asked/${runId}`, date: day, days: daysOf(day, 'day'), tick: now };
  }
  return { report: rule.report, id: slotOf(day, rule.period), ...lastDay(daysOf(day, rule.period)), tick: now };
}

function lastDay(days: DayRange): { readonly date: CalendarDate; readonly days: DayRange } {
  return { date: addDays(days.until, -1), days };
}

/** `2021-12-21T02:30:00Z`. Ticks are whole seconds. */
function instantName(tick: Date): string {
  return `${tick.toISOString().slice(0, 19)}Z`;
}

/** The first time after the tick that local clocks show the deadline. */
function deadlineAfter(tick: Date, time: string, timezone: string): Date {
  const today = localTime(tick, timezone).date;
  const first = instantOf(today, time, timezone);
  return first > tick ? first : instantOf(addDays(today, 1), time, timezone);
}

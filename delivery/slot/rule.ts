import type { Report } from '../report/schema.ts';
import type { CalendarDate } from './calendar-date.ts';
import { millisecondsOf } from './duration.ts';
import { holidaysOf } from './holidays.ts';
import { dayReportedAt } from './period.ts';
import type { SlotRule } from './slot.ts';
import { localTime } from './zone.ts';

/** What a report's slots follow from; its own time zone, else the project's. */
export function ruleOf(report: Report, timezone: string): SlotRule {
  const { on_holiday: on, daysOff = [] } = report;
  return {
    report: report.name,
    period: report.period,
    timezone: report.schedule?.timezone ?? timezone,
    ...(report.deadline === undefined ? {} : { deadline: report.deadline }),
    ...(report.useful_until === undefined ? {} : { usefulFor: millisecondsOf(report.useful_until) }),
    ...(on === 'send' || daysOff.length === 0 ? {} : { holidays: { on, isHoliday: holidaysOf(daysOff) } }),
  };
}

/** The day that a report is about when nobody names one: of its last whole period, or today for a `tick` report. */
export function usualDay(rule: SlotRule, now: Date): CalendarDate {
  if (rule.period === 'tick') return localTime(now, rule.timezone).date;
  return dayReportedAt(now, rule.period, rule.timezone);
}

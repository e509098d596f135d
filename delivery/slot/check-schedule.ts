import { isTimeZone, type Problem } from '#engine';
import type { Report } from '../report/schema.ts';
import { ruleOf } from './rule.ts';
import { faultOfSchedule } from './ticks.ts';

/** What is wrong with a report's schedule: its time zone, its pattern, or that it ticks oftener than its period. */
export function checkSchedule(report: Report, timezone: string, now: Date): Problem[] {
  const { schedule, placeOf } = report;
  if (schedule === undefined) return [];
  const problem = (key: 'cron' | 'timezone', message: string): Problem[] => [
    { file: report.path, ...placeOf?.(['schedule', key]), severity: 'error', code: 'schedule', message },
  ];
  const own = schedule.timezone;
  if (own !== undefined && !isTimeZone(own)) {
    return problem('timezone', `"${own}" is no time zone; write one such as Asia/Kolkata`);
  }
  const rule = ruleOf(report, timezone);
  const fault = faultOfSchedule(schedule.cron, rule.timezone, report.period, now);
  return fault === undefined ? [] : problem('cron', `schedule "${schedule.cron}": ${fault}`);
}

import type { Problem } from '#engine';
import type { Report } from '../report/schema.ts';
import { ruleOf } from './rule.ts';
import { faultOfSchedule } from './ticks.ts';

/** What is wrong with a report's schedule: its pattern, or that it ticks oftener than its period. */
export function checkSchedule(report: Report, timezone: string, now: Date): Problem[] {
  if (report.schedule === undefined) return [];
  const rule = ruleOf(report, timezone);
  const fault = faultOfSchedule(report.schedule.cron, rule.timezone, report.period, now);
  if (fault === undefined) return [];
  const message = `schedule "${report.schedule.cron}": ${fault}`;
  return [{ file: report.path, severity: 'error', code: 'schedule', message }];
}

import { type Call, didYouMean, Fault, type Options } from '#engine';
import { type House, openHouse } from '../house.ts';
import type { Report } from '../report/schema.ts';
import type { CalendarDate } from '../slot/calendar-date.ts';
import { parseDay } from '../slot/period.ts';
import { ruleOf, usualDay } from '../slot/rule.ts';
import { instantOf } from '../slot/zone.ts';

export const targetOption: Options = { target: { type: 'string', short: 't' } };
export const dateOption: Options = { date: { type: 'string', short: 'd' } };

export const targetUsage = '  --target T     a target of project.yml';
export const dateUsage =
  '  --date D       the business date, or any day of the week or month; default: the last whole period';

export function textOf(call: Call, name: string): string | undefined {
  const value = call.values[name];
  return typeof value === 'string' ? value : undefined;
}

/** The project around the folder in which the command was called; `ownLanes` as in HouseOptions. */
export function houseOf(call: Call, logName = 'delivery', ownLanes?: readonly string[]): Promise<House> {
  const { environment, signal } = call;
  const target = textOf(call, 'target');
  return openHouse({ folder: process.cwd(), environment, target, signal, logName, ...(ownLanes ? { ownLanes } : {}) });
}

/** The command's one report. Throws `Fault` invalid when it is missing or unknown. */
export function reportOf(call: Call, house: House): Report {
  const [name] = call.positionals;
  if (name !== undefined) return house.report(name);
  const known = house.reports.map((report) => report.name).join(', ');
  throw new Fault('invalid', 'which report?', { hint: `Known: ${known || 'none yet'}.` });
}

/** The lane of `--lane`; a project with just one need not be told. Throws `Fault` invalid with the nearest name. */
export function laneOf(call: Call, house: House): string {
  const lanes = [...house.lanes.keys()];
  const lane = textOf(call, 'lane') ?? (lanes.length === 1 ? lanes[0] : undefined) ?? '';
  if (house.lanes.has(lane)) return lane;
  const hint = (lane && didYouMean(lane, lanes)) || `Known: ${lanes.join(', ')}.`;
  throw new Fault('invalid', lane ? `there is no lane "${lane}"` : 'which lane?', { hint });
}

/** The day of `--date`, else the report's usual one. */
export function dayOf(call: Call, report: Report, house: House, now: Date): CalendarDate {
  const text = textOf(call, 'date');
  if (text === undefined) return usualDay(ruleOf(report, house.config.calendar.timezone), now);
  const day = parseDay(text);
  if (day !== undefined) return day;
  throw new Fault('invalid', `--date ${text} is no date`, { hint: 'Write 2021-12-21, 2021-W51 or 2021-12.' });
}

/** `--since` as the beginning of a day of the business time zone, or as an instant. Throws `Fault` invalid where it is neither. */
export function sinceOf(call: Call, house: House): Date | undefined {
  const text = textOf(call, 'since');
  if (text === undefined) return undefined;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
  const since = day ? instantOf(text, '00:00', house.config.calendar.timezone) : new Date(text);
  if (!Number.isNaN(since.getTime())) return since;
  throw new Fault('invalid', `--since ${text} is no date`, { hint: 'Write 2021-12-21.' });
}

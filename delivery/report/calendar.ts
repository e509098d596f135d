import { z } from 'zod';
import { didYouMean, type PlaceOf, type Problem } from '#engine';
import type { ReportFile } from './schema.ts';

/** A date, or a day of the week by its name. */
const dayOff = z
  .string()
  .regex(
    /^(\d{4}-\d{2}-\d{2}|(mon|tues|wednes|thurs|fri|satur|sun)day)$/,
    'a date such as 2026-01-26, or a day such as sunday',
  )
  .refine((text) => !/^\d/.test(text) || z.iso.date().safeParse(text).success, 'there is no such day');

/** The calendar's file: by region the days on which nobody works, dates and days of the week. */
export const calendarSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9_]*$/, 'a name of small letters, digits and _'),
  z.array(dayOff),
);

/** The days off by region, and the file that says so. */
export interface HolidayCalendar {
  readonly file: string;
  readonly regions: Readonly<Record<string, readonly string[]>>;
}

/** The days off that a report minds, or what is wrong with how it names them. A calendar of one region need not be named. */
export function daysOffOf(
  { on_holiday: on, holidays: region }: Pick<ReportFile, 'on_holiday' | 'holidays'>,
  { file, regions: days }: HolidayCalendar,
  path: string,
  placeOf: PlaceOf,
): { readonly daysOff: readonly string[]; readonly problems: readonly Problem[] } {
  const regions = Object.keys(days);
  const named = region ?? (regions.length === 1 ? regions[0] : undefined);
  const daysOff = named === undefined ? undefined : days[named];
  if (daysOff !== undefined) return { daysOff: on === 'send' ? [] : daysOff, problems: [] };
  if (on === 'send' && region === undefined) return { daysOff: [], problems: [] };
  const wrong = (key: string, message: string, hint: string) => ({
    daysOff: [],
    problems: [{ file: path, ...placeOf([key]), severity: 'error', code: 'holidays', message, hint } as const],
  });
  if (regions.length === 0) {
    return wrong('on_holiday', `there is no ${file}`, 'Write it: "india: [2026-01-26, sunday]".');
  }
  if (region === undefined) {
    return wrong('on_holiday', 'whose holidays?', `Add holidays: and one of ${regions.join(', ')}.`);
  }
  const hint = didYouMean(region, regions) ?? `Known: ${regions.join(', ')}.`;
  return wrong('holidays', `${file} has no region "${region}"`, hint);
}

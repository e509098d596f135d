import { z } from 'zod';
import { instantOf, wallTimeAt } from '#engine';

/** Hours of somebody's day in which nothing is sent to them: `21:00-08:00`. They may go over midnight. */
export const quietHours = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, 'quiet hours such as 21:00-08:00')
  .refine((text) => text.slice(0, 5) !== text.slice(6), 'quiet hours that end at another time than they begin');

/** Local times of day, `HH:MM`; `until` is the first minute that is not quiet. */
export interface QuietHours {
  readonly from: string;
  readonly until: string;
  readonly timezone: string;
}

const minute = 60_000;
const day = 24 * 60 * minute;

/** Quiet hours as they were written, by a zone's clocks. */
export function quietHoursIn(text: string, timezone: string): QuietHours {
  const [from = '', until = ''] = text.split('-');
  return { from, until, timezone };
}

/** When somebody's quiet hours end; undefined where `now` is none of them. */
export function quietUntil({ from, until, timezone }: QuietHours, now: Date): Date | undefined {
  const wall = wallTimeAt(timezone, now.getTime());
  const midnight = Math.floor(wall / day) * day;
  const time = wall - midnight;
  const [begin, end] = [millisecondsOf(from), millisecondsOf(until)];
  const quiet = begin <= end ? time >= begin && time < end : time >= begin || time < end;
  return quiet ? new Date(instantOf(timezone, midnight + end + (time < end ? 0 : day))) : undefined;
}

const millisecondsOf = (time: string) => (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * minute;

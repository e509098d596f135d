import type { Model } from '../project/model.ts';
import type { Calendar } from '../time/grain.ts';
import { wallTimeAt } from '../time/zone.ts';
import { type TimeType, timeLiteral } from '../warehouse/dialect.ts';

/** The declared type of a model's time column; without one, a date, and an instant for hours. */
export function timeTypeOf(model: Model): TimeType {
  const { windowing } = model;
  const declared = windowing && model.columns[windowing.timeColumn]?.type?.toLowerCase().trim();
  if (declared === 'date') return 'date';
  if (declared?.startsWith('timestamptz') || declared?.includes('with time zone')) return 'timestamptz';
  if (declared?.startsWith('timestamp')) return 'timestamp';
  return windowing?.grain === 'hour' ? 'timestamptz' : 'date';
}

/**
 * A window's edge as a complete typed literal in the time column's own type, so that the warehouse can prune by it:
 * `date '2021-09-01'`, `timestamp '2021-09-01 00:00:00'` (wall time of the business zone; of UTC for hour windows) or
 * `timestamptz '2021-08-31 18:30:00+00'`.
 */
export function edgeLiteral(instant: number, model: Model, calendar: Calendar): string {
  const type = timeTypeOf(model);
  const local = type !== 'timestamptz' && model.windowing?.grain !== 'hour';
  const iso = new Date(local ? wallTimeAt(calendar.timezone, instant) : instant).toISOString();
  if (type === 'date') return timeLiteral(type, iso.slice(0, 10));
  return timeLiteral(type, `${iso.slice(0, 19)}${type === 'timestamptz' ? 'Z' : ''}`);
}

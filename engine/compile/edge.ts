import type { Model } from '../project/model.ts';
import type { Calendar } from '../time/grain.ts';
import { civilDayAt, showDay, wallTimeAt } from '../time/zone.ts';

/** What a model's time column holds. */
export type TimeType = 'date' | 'timestamp' | 'timestamptz';

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
 * `timestamptz '2021-08-31T18:30:00Z'`.
 */
export function edgeLiteral(instant: number, model: Model, calendar: Calendar): string {
  const type = timeTypeOf(model);
  if (type === 'timestamptz') return `timestamptz '${iso(instant)}Z'`;
  if (type === 'date') return `date '${showDay(civilDayAt(calendar.timezone, instant))}'`;
  const wall = model.windowing?.grain === 'hour' ? instant : wallTimeAt(calendar.timezone, instant);
  return `timestamp '${iso(wall).replace('T', ' ')}'`;
}

function iso(instant: number): string {
  return new Date(instant).toISOString().slice(0, 19);
}

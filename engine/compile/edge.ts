import type { Model } from '../project/model.ts';
import type { Calendar } from '../time/grain.ts';
import { wallTimeAt } from '../time/zone.ts';
import { type TimeType, timeLiteral } from '../warehouse/dialect.ts';

/** A declared column type as one of the types of time; undefined for any other. */
export function timeTypeNamed(declared: string | undefined): TimeType | undefined {
  const name = declared?.toLowerCase().trim();
  if (name === 'date') return 'date';
  if (name?.startsWith('timestamptz') || name?.includes('with time zone')) return 'timestamptz';
  return name?.startsWith('timestamp') ? 'timestamp' : undefined;
}

/** The declared type of a model's time column; without one, a date, and an instant for hours. */
export function timeTypeOf({ windowing, columns }: Model): TimeType {
  const declared = windowing && timeTypeNamed(columns[windowing.timeColumn]?.type);
  return declared ?? (windowing?.grain === 'hour' ? 'timestamptz' : 'date');
}

/**
 * A window's edge as a complete typed literal in the time column's own type, so that the warehouse can prune by it:
 * `date '2021-09-01'`, `timestamp '2021-09-01 00:00:00'` (wall time of the business zone; of UTC for hour windows) or
 * `timestamptz '2021-08-31 18:30:00+00'`.
 */
export function edgeLiteral(instant: number, model: Model, calendar: Calendar): string {
  return timeEdge(instant, timeTypeOf(model), model.windowing?.grain === 'hour' ? 'UTC' : calendar.timezone);
}

/** An instant as a literal of a time type; what has no zone of its own shows that zone's clock. */
export function timeEdge(instant: number, type: TimeType, timezone: string): string {
  const iso = new Date(type === 'timestamptz' ? instant : wallTimeAt(timezone, instant)).toISOString();
  if (type === 'date') return timeLiteral(type, iso.slice(0, 10));
  return timeLiteral(type, `${iso.slice(0, 19)}${type === 'timestamptz' ? 'Z' : ''}`);
}

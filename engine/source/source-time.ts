import { timeEdge, timeTypeNamed } from '../compile/edge.ts';
import type { Source } from '../project/source.ts';
import type { Calendar } from '../time/grain.ts';
import { type CivilDay, civilDayAt, instantOf, parseDay } from '../time/zone.ts';

/** How a source's time column is read and written: its declared type, and whose clock it shows. */
export interface SourceTime {
  /** The business day of a value as a file or the database writes it; undefined for what is no time. */
  dayOf(text: string): CivilDay | undefined;
  /** An instant as a literal in the column's own type. */
  edge(instant: number): string;
}

const millisADay = 86_400_000;

/** The time of a source that has a time column. */
export function sourceTime(source: Source, calendar: Calendar): SourceTime {
  const type = timeTypeNamed(source.columns[source.timeColumn ?? '']?.type) ?? 'date';
  const zone = source.timezone ?? calendar.timezone;
  const foreign = type === 'timestamptz' || (type === 'timestamp' && zone !== calendar.timezone);
  return {
    dayOf(text) {
      const day = parseDay(text.slice(0, 10));
      if (!foreign || day === undefined) return day;
      const instant = type === 'timestamptz' ? instantNamed(text, zone) : wallTime(text, zone);
      return Number.isNaN(instant) ? undefined : civilDayAt(calendar.timezone, instant);
    },
    // A date has no clock: it names the business day.
    edge: (instant) => timeEdge(instant, type, type === 'date' ? calendar.timezone : zone),
  };
}

function instantNamed(text: string, zone: string): number {
  const offset = /(Z|[+-]\d\d(?::?\d\d)?)$/i.exec(text.slice(10));
  if (!offset) return wallTime(text, zone);
  const hours = /^[+-]\d\d$/.test(offset[0]) ? ':00' : '';
  return Date.parse(`${text.trim().replace(' ', 'T')}${hours}`);
}

function wallTime(text: string, zone: string): number {
  const clock = /^[T ](\d\d):(\d\d)(?::(\d\d))?/.exec(text.slice(10));
  const seconds = clock ? Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0) : 0;
  const day = parseDay(text.slice(0, 10));
  return day === undefined ? Number.NaN : instantOf(zone, day * millisADay + seconds * 1000);
}

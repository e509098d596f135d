import { Fault } from '#engine';
import { kept } from './kept.ts';
import { phrasesOf } from './phrases.ts';

const styles = {
  /** `21 Dec 2021` */
  short: { day: 'numeric', month: 'short', year: 'numeric' },
  /** `21 Dec` */
  shortest: { day: 'numeric', month: 'short' },
  /** `Tuesday, 21 December 2021` */
  long: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  /** `December 2021` */
  month: { month: 'long', year: 'numeric' },
  /** `Dec` */
  month_short: { month: 'short' },
  /** `Tuesday` */
  weekday: { weekday: 'long' },
  /** `21 December 2021` */
  day: { day: 'numeric', month: 'long', year: 'numeric' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

type DateStyle = keyof typeof styles;
export const dateStyles = Object.keys(styles) as readonly DateStyle[];

/** A calendar day (`2021-12-21`) in words. Throws `Fault` failed for anything that is no day. */
export function showDate(day: string, style: DateStyle, locale: string): string {
  return formatsOf(locale)(style).format(instantOf(day));
}

/** By locale and style. Kept, since making one takes longer than a page of dates. */
const formatsOf = kept((locale: string) =>
  kept(
    (style: DateStyle) =>
      new Intl.DateTimeFormat(withLatinDigits(locale), { ...evenMonths(styles[style], locale), timeZone: 'UTC' }),
  ),
);

/** In these languages half of the months have no short name: a column would say `फ़र॰` above `मार्च`. The whole names are short enough. */
const wholeMonths = new Set(['hi', 'mr', 'gu']);

function evenMonths(style: Intl.DateTimeFormatOptions, locale: string): Intl.DateTimeFormatOptions {
  return style.month === 'short' && wholeMonths.has(new Intl.Locale(locale).language)
    ? { ...style, month: 'long' }
    : style;
}

/** Midnight UTC of a calendar day. */
export function instantOf(day: string): Date {
  const at = new Date(`${day}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(at.getTime())) throw new Fault('failed', `"${day}" is no day`);
  return at;
}

/** The day so many days later (or earlier). */
export function dayAfter(day: string, days: number): string {
  return new Date(instantOf(day).getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

/** `22 Dec 2021, 08:00` in a time zone. */
export function showInstant(at: Date, timeZone: string, locale: string): string {
  return instantFormatsOf(locale)(timeZone).format(at);
}

const instantFormatsOf = kept((locale: string) =>
  kept((timeZone: string) => {
    const hour = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    return new Intl.DateTimeFormat(withLatinDigits(locale), { ...evenMonths(styles.short, locale), ...hour, timeZone });
  }),
);

/** What a slot is about: a day, a week with its number, a month, or a stretch of days. `until` is the day after the last. */
export function showPeriod(
  kind: 'day' | 'week' | 'month' | 'tick',
  period: { readonly from: string; readonly until: string },
  slot: string,
  locale: string,
): string {
  const last = dayAfter(period.until, -1);
  if (kind === 'month') return showDate(period.from, 'month', locale);
  if (kind === 'week') {
    const number = /W(\d+)$/.exec(slot)?.[1];
    const days = `${showDate(period.from, 'short', locale)} ${'\u2013'} ${showDate(last, 'short', locale)}`;
    return number ? phrasesOf(locale).week(showDigits(Number(number), locale), days) : days;
  }
  return showDate(last, 'long', locale);
}

/** A time zone as people call it: `India Standard Time`, `Eastern Time`. */
export const showZone = (timeZone: string, locale: string): string => zonesOf(locale)(timeZone);

const zonesOf = kept((locale: string) =>
  kept((timeZone: string) => {
    if (/^(Etc\/)?(UTC|GMT)$/.test(timeZone)) return 'UTC';
    const format = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'longGeneric' });
    return format.formatToParts(0).find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
  }),
);

/** A small whole number in the digits of a locale. */
const showDigits = (value: number, locale: string) =>
  new Intl.NumberFormat(withLatinDigits(locale), { useGrouping: false }).format(value);

/** mr-IN and others write their own digits unless told; figures beside them are Latin. */
const withLatinDigits = (locale: string) => (locale.includes('-u-') ? locale : `${locale}-u-nu-latn`);

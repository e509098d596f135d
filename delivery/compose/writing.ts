import { Fault } from '#engine';
import type { Writing } from '../report/template.ts';
import { dateStyles, showDate } from './date.ts';
import { showNumber, symbolOf, withUnit } from './number.ts';

/**
 * A locale with all that decides how numbers look: its region (for a language alone that of the currency's country), and
 * whose digits. Marathi is written with digits of its own, Hindi and Gujarati with Latin ones, unless the locale says
 * otherwise (`gu-IN-u-nu-gujr`).
 */
export function fullLocale(locale: string, currency: string | undefined): string {
  let known: Intl.Locale;
  try {
    known = new Intl.Locale(locale);
  } catch {
    throw new Fault('invalid', `"${locale}" is no locale; write one such as en-IN`);
  }
  const { language, script, region, numberingSystem } = known;
  const place = region ?? (currency === 'INR' ? 'IN' : known.maximize().region);
  const digits = numberingSystem ?? (language === 'mr' ? 'deva' : undefined);
  const name = [language, script, place].filter((part) => part !== undefined).join('-');
  return digits === undefined || digits === 'latn' ? name : `${name}-u-nu-${digits}`;
}

/** The filters of templates in a locale. */
export function writingIn(locale: string, currency: string | undefined): Writing {
  const symbol = currency === undefined ? {} : { symbol: symbolOf(currency) };
  return {
    money: (value, decimals) => showNumber(value, { decimals, ...symbol }, locale),
    percent: (value, decimals) => withUnit(showNumber(value, { decimals }, locale), '%'),
    number: (value, decimals) => showNumber(value, { decimals }, locale),
    date(value, style) {
      const known = dateStyles.find((one) => one === style);
      if (known) return showDate(value, known, locale);
      throw new Error(`dates are written ${dateStyles.join(', ')}, not "${style}"`);
    },
    in: (other) => writingIn(fullLocale(other, currency), currency),
  };
}

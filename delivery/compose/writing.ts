import { fullLocale } from '../report/locale.ts';
import type { Writing } from '../report/template.ts';
import { dateStyles, showDate } from './date.ts';
import { showNumber, symbolOf, withUnit } from './number.ts';

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

import { absolute, compare, divide, parseDecimal, round, toText } from './decimal.ts';
import { kept } from './kept.ts';

/** U+2212: as wide as `+`, and never taken for a hyphen. */
export const minus = '\u2212';
/** What stands for "not known". */
export const unknownMark = '\u2013';
const space = '\u00a0';

/** How a locale writes numbers. */
interface Notation {
  readonly group: string;
  readonly point: string;
  /** Thousands, then pairs: 12,34,567. */
  readonly lakh: boolean;
  /** The code of the digit zero: a locale that says `-u-nu-deva` or `-u-nu-gujr` writes digits of its own. */
  readonly zero: number;
}

const zeros: Readonly<Record<string, number>> = { deva: 0x966, gujr: 0xae6 };

const notationOf = kept((locale: string): Notation => {
  const parts = new Intl.NumberFormat(locale, { numberingSystem: 'latn', useGrouping: 'always' }).formatToParts(
    12345.5,
  );
  const sign = (type: string) => parts.find((part) => part.type === type)?.value;
  // Intl groups mr-IN, gu-IN and others by thousands; in India everybody counts in lakh and crore.
  return {
    group: sign('group') ?? ',',
    point: sign('decimal') ?? '.',
    lakh: /-IN\b/.test(locale),
    zero: zeros[/-u-nu-(\w+)/.exec(locale)?.[1] ?? 'latn'] ?? 0x30,
  };
});

function grouped(whole: string, { group, lakh }: Notation): string {
  const head = whole.slice(0, -3);
  if (head === '') return whole;
  return head.replace(lakh ? /\B(?=(\d\d)+$)/g : /\B(?=(\d{3})+$)/g, group) + group + whole.slice(-3);
}

export interface NumberLook {
  readonly decimals: number;
  readonly signed?: boolean;
  /** Written before the digits, after the sign: `−$5`. */
  readonly symbol?: string;
}

/** Exact decimal text as a person reads it: rounded half away from zero, grouped, `−` for minus, and never `−0`. */
export function showNumber(text: string, look: NumberLook, locale: string): string {
  const rounded = round(parseDecimal(text), look.decimals);
  const notation = notationOf(locale);
  const [whole = '0', fraction] = toText(absolute(rounded)).split('.');
  const sign = rounded.units < 0n ? minus : look.signed && rounded.units > 0n ? '+' : '';
  const digits = `${grouped(whole, notation)}${fraction ? notation.point + fraction : ''}`;
  return `${sign}${look.symbol ?? ''}${inDigits(digits, notation)}`;
}

const inDigits = (text: string, { zero }: Notation) =>
  zero === 0x30 ? text : text.replace(/\d/g, (digit) => String.fromCharCode(zero + Number(digit)));

/** Words for large numbers, in the language of the locale. */
export interface LargeWords {
  readonly lakh: string;
  readonly crore: string;
  readonly million: string;
  readonly billion: string;
}

/** A number in a word or two for a subject line: `11.2 lakh`, `1.3 million`; below that as `showNumber` without decimals. */
export function showShort(text: string, symbol: string, locale: string, words: LargeWords): string {
  const value = parseDecimal(text);
  const steps: readonly (readonly [string, string])[] = notationOf(locale).lakh
    ? [
        ['10000000', words.crore],
        ['100000', words.lakh],
      ]
    : [
        ['1000000000', words.billion],
        ['1000000', words.million],
      ];
  for (const [step, word] of steps) {
    const size = parseDecimal(step);
    if (compare(absolute(value), size) < 0) continue;
    return `${showNumber(toText(divide(value, size, 1)), { decimals: 1, symbol }, locale)}${space}${word}`;
  }
  return showNumber(text, { decimals: 0, symbol }, locale);
}

/** `$` for USD, `₹` for INR; the code itself where there is no sign. */
export const symbolOf = kept((currency: string): string => {
  const parts = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
  return parts.formatToParts(1).find((part) => part.type === 'currency')?.value ?? currency;
});

/** `+14.8 %`: a signed number with its unit. */
export const withUnit = (text: string, unit: string) => (unit === '' ? text : `${text}${space}${unit}`);

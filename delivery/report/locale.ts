import { Fault } from '#engine';
import { isFileName } from './findings.ts';
import type { Report } from './schema.ts';
import { keysAsked } from './template.ts';

/** Those in which reports have phrases of their own: `Total`, `page 2 of 3`. */
export const languages = ['en', 'hi', 'mr', 'gu'] as const;
export type Language = (typeof languages)[number];

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

/** Whether a text is a locale as BCP 47 has it. */
export function isLocale(text: string): boolean {
  try {
    new Intl.Locale(text);
    return true;
  } catch {
    return false;
  }
}

/** The locale that an edition says, or its report; else that of its money. */
export function ownLocale(
  { locale }: Pick<Report, 'locale'>,
  edition: { readonly locale?: string } | undefined,
  currency: string | undefined,
): string {
  return edition?.locale ?? locale ?? (currency === undefined || currency === 'INR' ? 'en-IN' : 'en-US');
}

/** The locale to write an edition in for somebody who wants one; undefined where that is the edition's own. */
export type LocaleFor = (edition: { readonly locale?: string }, wanted: string | undefined) => string | undefined;

/**
 * A report can be written in a language that has phrases, all the words that it asks for, and the files that it names by
 * `{{ locale }}` or `{{ language }}`. One that asks for no words and names no such files is written in its own language
 * only, with the numbers and dates of other regions. What cannot be written is written as the edition is.
 */
export function openLocales(report: Report, currency: string | undefined): LocaleFor {
  const { title, headline, document, notes, deliver } = report;
  const files = Object.entries(report.texts).filter(([name]) => !name.endsWith('.sql'));
  const texts = [...stringsIn([title, headline, document, notes, deliver]), ...files.map(([, text]) => text)];
  const words = [...new Set(texts.flatMap((text) => keysAsked(text, 'words', report.layouts).map(({ key }) => key)))];
  const named = texts.filter((text) => byLocale.test(text) && isFileName(text.replaceAll(byLocale, 'x')));

  const canBeWritten = (locale: string, own: string): boolean => {
    const language = languageOf(locale);
    if (named.some((text) => report.texts[nameIn(text, locale)] === undefined)) return false;
    if (words.length + named.length === 0) return language === languageOf(own);
    const known = { ...report.sharedWords[language], ...report.words[language] };
    const spoken = Object.keys(report.words).length === 0 || report.words[language] !== undefined;
    return spoken && languages.some((one) => one === language) && words.every((word) => known[word] !== undefined);
  };
  const known = new Map<string, string | undefined>();
  return (edition, wanted) => {
    if (wanted === undefined) return undefined;
    const own = ownLocale(report, edition, currency);
    const pair = `${own} ${wanted}`;
    if (!known.has(pair)) {
      // By its full name first: who says `hi` and who says `hi-IN` get the same file.
      const names = [fullLocale(wanted, currency), wanted, languageOf(wanted)];
      const locale = names.find((name) => canBeWritten(name, own));
      const same = locale === undefined || fullLocale(locale, currency) === fullLocale(own, currency);
      known.set(pair, same ? undefined : locale);
    }
    return known.get(pair);
  };
}

const byLocale = /\{\{-?\s*(locale|language)\s*-?\}\}/g;

const nameIn = (text: string, locale: string) =>
  text.replaceAll(byLocale, (_, name) => (name === 'locale' ? locale : languageOf(locale))).trim();

const languageOf = (locale: string) => new Intl.Locale(locale).language;

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

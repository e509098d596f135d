import { expect, test } from 'vitest';
import { fullLocale } from '../report/locale.ts';
import { fillTemplate } from '../report/template.ts';
import { showDate } from './date.ts';
import { writingIn } from './writing.ts';

const scope = { amount: '1234567.895', rate: '14.07', due: '2026-11-23', none: null };
const say = (text: string, locale: string, currency = 'INR') =>
  fillTemplate(text, scope, { file: 'x' }, { writing: writingIn(fullLocale(locale, currency), currency) }).replaceAll(
    '\u00a0',
    ' ',
  );

test('a language alone stands for the country of the currency, Marathi with its own digits', () => {
  expect(['en', 'hi', 'mr', 'gu', 'gu-IN-u-nu-gujr', 'en-US'].map((locale) => fullLocale(locale, 'INR'))).toEqual([
    'en-IN',
    'hi-IN',
    'mr-IN-u-nu-deva',
    'gu-IN',
    'gu-IN-u-nu-gujr',
    'en-US',
  ]);
  expect(fullLocale('en', 'USD')).toBe('en-US');
  expect(() => fullLocale('not a locale', 'INR')).toThrow(/no locale/);
});

test.each([
  ['en', '₹12,34,567.90, 14.1 %, 23 November 2026'],
  ['hi', '₹12,34,567.90, 14.1 %, 23 नवंबर 2026'],
  ['mr', '₹१२,३४,५६७.९०, १४.१ %, २३ नोव्हेंबर, २०२६'],
  ['gu', '₹12,34,567.90, 14.1 %, 23 નવેમ્બર, 2026'],
  ['gu-IN-u-nu-gujr', '₹૧૨,૩૪,૫૬૭.૯૦, ૧૪.૧ %, ૨૩ નવેમ્બર, ૨૦૨૬'],
])('%s counts in lakh and crore and writes its own dates', (locale, words) => {
  expect(say('{{ amount | money }}, {{ rate | percent }}, {{ due | date: "day" }}', locale)).toBe(words);
});

test('a filter may be told a locale, for words in another language', () => {
  const text =
    '{{ amount | money: locale: "en-IN" }} {{ rate | percent: 2, locale: "en-IN" }} {{ due | date: "short", locale: "hi" }}';
  expect(say(text, 'mr')).toBe('₹12,34,567.90 14.07 % 23 नवंबर 2026');
  expect(() => say('{{ amount | money: local: "en-IN" }}', 'mr')).toThrow('"money" takes no "local"');
  expect(() => say('{{ amount | money: locale: "in english" }}', 'mr')).toThrow(/no locale/);
});

test.each(['hi', 'mr', 'gu'])('all months of a column in %s are named alike', (locale) => {
  const months = Array.from({ length: 12 }, (_, at) => `2022-${String(at + 1).padStart(2, '0')}-05`);
  for (const month of months)
    expect(showDate(month, 'month', locale)).toContain(
      showDate(month, 'short', locale).split(' ')[1]?.replace(',', ''),
    );
});

test('what is not there is empty, a style that is not there is named, and decimals can be chosen', () => {
  expect(say('[{{ none | money }}] {{ amount | money: 0 }} {{ amount | number: 1 }}', 'en-US', 'USD')).toBe(
    '[] $1,234,568 1,234,567.9',
  );
  expect(() => say('{{ due | date: "lng" }}', 'en')).toThrow(/not "lng"/);
  expect(() => fillTemplate('{{ amount | money }}', scope, { file: 'x' })).toThrow(/cannot be used here/);
});

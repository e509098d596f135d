import { expect, test } from 'vitest';
import { isLocale, openLocales } from './locale.ts';
import { type Report, reportSchema } from './schema.ts';

function report(more: Partial<Report> = {}): Report {
  return {
    ...reportSchema.parse({ title: 'Sales', document: [{ text: 'Net sales' }] }),
    name: 'sales',
    path: 'reports/sales/report.yml',
    folder: '/',
    texts: {},
    sharedWords: {},
    layouts: { folder: 'reports/layouts', texts: {} },
    rules: {},
    ...more,
  };
}
const sales = { en: { sales: 'Sales' }, hi: { sales: 'बिक्री' }, fr: { sales: 'Ventes' } };
const worded = (more: Partial<Report> = {}) => report({ title: '{{ words.sales }}', words: sales, ...more });
const chosen = (of: Report, edition: { locale?: string }, ...wanted: (string | undefined)[]) => {
  const localeFor = openLocales(of, 'INR');
  return wanted.map((one) => localeFor(edition, one));
};

test('a report with words is written in the languages that have them and phrases, and else as it is', () => {
  expect(chosen(worded(), {}, undefined, 'hi', 'hi-IN', 'en', 'en-IN', 'en-US')).toEqual([
    undefined,
    'hi-IN',
    'hi-IN',
    undefined,
    undefined,
    'en-US',
  ]);
  // French has words and no phrases, Gujarati phrases and no words.
  expect(chosen(worded(), {}, 'fr', 'gu')).toEqual([undefined, undefined]);
  expect(chosen(worded(), { locale: 'hi' }, 'hi-IN', 'en')).toEqual([undefined, 'en-IN']);
});

test('words that reports share count, unless the report has some of its own in other languages only', () => {
  const shared = worded({ words: {}, sharedWords: sales });
  expect(chosen(shared, {}, 'hi')).toEqual(['hi-IN']);
  expect(chosen(worded({ words: { en: { more: 'More' } }, sharedWords: sales }), {}, 'hi')).toEqual([undefined]);
  expect(chosen(worded({ words: {}, sharedWords: { hi: { other: 'अन्य' } } }), {}, 'hi')).toEqual([undefined]);
});

test('a report that asks for no words is written in its own language, with the figures of other regions', () => {
  expect(chosen(report({ sharedWords: sales }), {}, 'hi', 'en-US', 'en-GB')).toEqual([undefined, 'en-US', 'en-GB']);
});

test('a letter by its language is written where its file is', () => {
  const texts = { 'letter.en.md': 'Dear', 'letter.gu-IN.md': 'પ્રિય' };
  const letter = report({ document: [{ text: 'letter.{{ locale }}.md' }], texts });
  expect(chosen(letter, { locale: 'en' }, 'gu', 'mr', 'en-IN')).toEqual(['gu-IN', undefined, undefined]);
  const plain = report({ document: letter.document, texts: { 'letter.en.md': 'Dear', 'letter.hi.md': 'प्रिय' } });
  expect(chosen(plain, { locale: 'en' }, 'hi-IN', 'hi')).toEqual(['hi', 'hi']);
});

test('what is a locale', () => {
  expect(['hi', 'en-IN', 'mr-IN-u-nu-deva'].every(isLocale)).toBe(true);
  expect(['', 'hindi language', 'e', 'en_IN'].some(isLocale)).toBe(false);
});

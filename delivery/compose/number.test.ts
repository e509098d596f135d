import fc from 'fast-check';
import { expect, test } from 'vitest';
import { showNumber, showShort, symbolOf } from './number.ts';
import { phrasesOf } from './phrases.ts';

const shown = (text: string, decimals = 0, locale = 'en-IN', more = {}) =>
  showNumber(text, { decimals, ...more }, locale);

test('India groups by lakh and crore, also where its locale data does not', () => {
  for (const locale of ['en-IN', 'hi-IN', 'gu-IN', 'mr-IN'])
    expect([shown('123456789.5', 2, locale), shown('100000', 0, locale), shown('99999', 0, locale)]).toEqual([
      '12,34,56,789.50',
      '1,00,000',
      '99,999',
    ]);
  expect([shown('1234567', 0, 'en-US'), shown('123', 0, 'en-US')]).toEqual(['1,234,567', '123']);
  expect(shown('1234567.5', 1, 'de-DE')).toBe('1.234.567,5');
});

test('minus is a minus, and nothing is minus zero', () => {
  expect(shown('-1234.56', 1, 'en-US')).toBe('\u22121,234.6');
  expect(shown('-0.04', 1)).toBe('0.0');
  expect(shown('-0.04', 1, 'en-IN', { signed: true })).toBe('0.0');
  expect(shown('14.75', 1, 'en-IN', { signed: true })).toBe('+14.8');
  expect(shown('-5', 0, 'en-US', { symbol: '$' })).toBe('\u2212$5');
});

test('the words of a subject line', () => {
  expect(showShort('1120000', '\u20b9', 'en-IN', phrasesOf('en'))).toBe('\u20b911.2\u00a0lakh');
  expect(showShort('1120000', '\u20b9', 'hi-IN', phrasesOf('hi'))).toBe('\u20b911.2\u00a0लाख');
  expect(showShort('10000000', '', 'en-IN', phrasesOf('en'))).toBe('1.0\u00a0crore');
  expect(showShort('-1250000', '$', 'en-US', phrasesOf('en'))).toBe('\u2212$1.3\u00a0million');
  expect(showShort('99999.4', '$', 'en-US', phrasesOf('en'))).toBe('$99,999');
});

test('signs of currencies', () => {
  expect([symbolOf('USD'), symbolOf('INR'), symbolOf('EUR')]).toEqual(['$', '\u20b9', '\u20ac']);
});

test('grouping loses no digit', () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.constantFrom('en-IN', 'en-US'), (value, locale) => {
      const back = shown(String(value), 0, locale).replaceAll(',', '').replace('\u2212', '-');
      expect(back).toBe(String(value));
    }),
  );
});

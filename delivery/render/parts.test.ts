import fc from 'fast-check';
import { expect, test } from 'vitest';
import { barsOf } from './bars.ts';
import { readCsv } from './csv-read.ts';
import { missingGlyph, runsOf } from './fonts.ts';
import { escapeMarkup } from './markup.ts';
import { elementsOf, readMarkup, wordsIn } from './markup-read.ts';
import { dateZip } from './zip-dates.ts';

test('bars stand on zero, the unknown leave a gap, what is below zero hangs', () => {
  expect(barsOf(['10', null, '-10', '5'], 40, 20)).toEqual([
    { x: 0, y: 0, width: 7.2, height: 10, last: false },
    { x: 20, y: 10, width: 7.2, height: 10, last: false },
    { x: 30, y: 5, width: 7.2, height: 5, last: true },
  ]);
  expect(barsOf([], 40, 20)).toEqual([]);
  expect(barsOf([null, '0'], 40, 20)).toEqual([]);
});

test('text is split by script, and joiners stay where they stand', () => {
  expect(runsOf('A हिन्दी\u200d B ગુજ')).toEqual([
    { text: 'A ', family: 'Noto Sans' },
    { text: 'हिन्दी\u200d ', family: 'Noto Sans Devanagari' },
    { text: 'B ', family: 'Noto Sans' },
    { text: 'ગુજ', family: 'Noto Sans Gujarati' },
  ]);
  expect(runsOf('')).toEqual([]);
});

test('a sign without a glyph is found', () => {
  expect([missingGlyph('₹ 1,024 − + – é · “x”'), missingGlyph('हिन्दी ગુજરાતી')]).toEqual([undefined, undefined]);
  expect([missingGlyph('up ▲'), missingGlyph('漢'), missingGlyph('தமிழ்')]).toEqual(['▲', '漢', 'த']);
});

test('whatever the text, markup brings it back', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const page = readMarkup(`<p title="${escapeMarkup(text)}">${escapeMarkup(text)}</p>`);
      const [paragraph] = elementsOf(page, ({ tag }) => tag === 'p');
      expect(paragraph?.attributes['title']).toBe(text);
      expect(paragraph && wordsIn(paragraph)).toBe(text.replace(/[ \n\t]+/g, ' ').trim());
    }),
  );
  expect(() => readMarkup('<p><b></p>')).toThrow(/closes/);
  expect(() => readMarkup('<p>')).toThrow(/never closed/);
});

test('CSV is read as RFC 4180 writes it', () => {
  expect(readCsv('a,"b ""c"", d",\r\n"x\r\ny",,z\r\n')).toEqual([
    ['a', 'b "c", d', ''],
    ['x\r\ny', '', 'z'],
  ]);
  expect(() => readCsv('a"b\r\n')).toThrow(/cannot be read/);
});

test('what is no zip archive is left alone', () => {
  expect(() => dateZip(new Uint8Array(100), new Date(0))).toThrow(RangeError);
});

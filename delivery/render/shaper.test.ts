import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fontPath } from './fonts.ts';
import { hardGujarati } from './made-up-scripts.ts';
import { filler, openShaper, sharesOf } from './shaper.ts';

test('the glyphs of a cluster share its text in the order of writing', () => {
  // The matra of हि is drawn first and reads as the consonant.
  expect(sharesOf('हिन्दी', [0, 0, 2, 2, 2])).toEqual(['ह', 'ि', 'न', '्', 'दी']);
  expect(sharesOf('क', [0, 0])).toEqual(['क', filler]);
  expect(sharesOf('', [])).toEqual([]);
  // A joiner alone would be left out by readers.
  expect(sharesOf('क्\u200cष', [0, 0, 2, 3])).toEqual(['क', '्\u200c', filler, 'ष']);
});

test('shares put together are the text, whatever the clusters', () => {
  const texts = fc.array(fc.constantFrom('ह', 'ि', '्', 'र', '\u200d', '𑄀', 'a'), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(texts, fc.array(fc.nat(11), { maxLength: 12 }), (signs, numbers) => {
      const offsets = [0];
      for (const sign of signs) offsets.push((offsets.at(-1) ?? 0) + sign.length);
      const starts = [0, ...numbers.map((number) => offsets[number % signs.length] ?? 0)].sort((a, b) => a - b);
      expect(sharesOf(signs.join(''), starts).join('').replaceAll(filler, '')).toBe(signs.join(''));
    }),
  );
});

test('clusters on which fontkit fails are shaped', () => {
  const shape = openShaper(fontPath('Noto Sans Gujarati', 'regular'));
  for (const text of hardGujarati) {
    const glyphs = shape(text);
    expect(
      glyphs
        .map((glyph) => glyph.text)
        .join('')
        .replaceAll(filler, ''),
      text,
    ).toBe(text);
    expect(
      glyphs.some(({ id }) => id === 0),
      text,
    ).toBe(false);
  }
});

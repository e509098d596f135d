import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sharedFont } from './font-shared.ts';
import { families, fontPath } from './fonts.ts';
import { openShaper } from './shaper.ts';

test('figures put together from pairs are what the shaper makes of them', () => {
  const signs = fc.array(fc.constantFrom(...'0123456789.,₹%−-'), { minLength: 1, maxLength: 14 });
  const fonts = families.flatMap((family) =>
    (['regular', 'semibold'] as const).map((weight) => fontPath(family, weight)),
  );
  for (const path of fonts) {
    const [font, shape] = [sharedFont(path), openShaper(path)];
    fc.assert(
      fc.property(signs, fc.constantFrom('', ' '), (list, space) => {
        const text = list.join('') + space;
        const [layout] = font.layoutsOf(text);
        const shaped = shape(text).map(({ id, text: share, xAdvance, xOffset, yOffset }) => [
          id,
          share,
          xAdvance,
          xOffset,
          yOffset,
        ]);
        const made = layout?.glyphs.map(({ kind, xAdvance, xOffset, yOffset }) => [
          kind.id,
          kind.text,
          xAdvance,
          xOffset,
          yOffset,
        ]);
        expect(made).toEqual(shaped);
      }),
      { numRuns: 40 },
    );
  }
});

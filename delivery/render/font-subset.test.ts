import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { componentsOf, readFontFile } from './font-file.ts';
import { subsetOf } from './font-subset.ts';
import { fontPath } from './fonts.ts';

const font = readFontFile(readFileSync(fontPath('Noto Sans', 'regular')));
const composite = Array.from({ length: font.glyphs }, (_, id) => id).find(
  (id) => componentsOf(font.outline(id)).length > 1,
);

test('glyphs keep their numbers, outlines and places, and bring what they are put together from', () => {
  if (composite === undefined) throw new Error('the font has no composite glyph');
  const parts = componentsOf(font.outline(composite));
  const subset = readFontFile(subsetOf(font, [36, composite]));
  for (const id of [0, 36, composite, ...parts]) {
    const outline = font.outline(id);
    expect(subset.outline(id).subarray(0, outline.length)).toEqual(outline);
    expect([subset.width(id), subset.bearing(id)]).toEqual([font.width(id), font.bearing(id)]);
  }
  expect(subset.outline(37)).toHaveLength(0);
  expect(subset.glyphs).toBe(Math.max(composite, ...parts) + 1);
});

test('bytes that are no font are named so', () => {
  expect(() => readFontFile(new Uint8Array(40))).toThrow('no TrueType font');
});

import { expect, test } from 'vitest';
import type { Tone } from '../compose/present.ts';
import { colours, contrast, tintOf, toneColour, toneShade } from './colours.ts';

const tones = (['up', 'down'] as const).flatMap((direction) =>
  ([1, 2, 3, 4, 5] as const).map((step): Tone => ({ direction, step })),
);

test('words can be read on every ground, and arrows can be told from it', () => {
  for (const colour of [colours.up, colours.down, colours.flat, colours.quiet, colours.ink])
    expect(contrast(colour, colours.paper)).toBeGreaterThanOrEqual(4.5);
  expect(contrast(colours.quiet, colours.panel)).toBeGreaterThanOrEqual(4.5);
  for (const tone of tones) {
    const ground = tintOf(tone) ?? '';
    expect(contrast(toneShade(tone), ground)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(toneColour(tone), ground)).toBeGreaterThanOrEqual(3);
  }
});

test('a stronger step has a stronger tint, flat has none', () => {
  for (const direction of ['up', 'down'] as const) {
    const grounds = tones
      .filter((tone) => tone.direction === direction)
      .map((tone) => contrast(tintOf(tone) ?? '', '#FFFFFF'));
    expect(grounds).toEqual([...grounds].sort((a, b) => a - b));
  }
  expect(tintOf({ direction: 'flat', step: 0 })).toBeUndefined();
  expect(toneShade({ direction: 'flat', step: 0 })).toBe(colours.flat);
});

import { readFileSync } from 'node:fs';
import { Blob, Face, Font, Buffer as ShapingBuffer, shape as shapeWith } from 'harfbuzzjs';

/** A drawn glyph, in thousandths of the type's size. */
export interface ShapedGlyph {
  /** Number in the font file. */
  readonly id: number;
  /** Its share of the text: the shares of a run, put together, are the run's text, sign by sign. */
  readonly text: string;
  readonly xAdvance: number;
  readonly yAdvance: number;
  readonly xOffset: number;
  readonly yOffset: number;
}

/** Shapes text of one script: HarfBuzz, which the scripts of India need and which never fails on a rare cluster. */
export type Shaper = (text: string) => readonly ShapedGlyph[];

/** What a glyph reads as that draws nothing of its own; readers leave it out. */
export const filler = '\u200b';

/** Opens a font file for shaping; it stays open for as long as the process lives. */
export function openShaper(path: string): Shaper {
  const face = new Face(new Blob(readFileSync(path)));
  const font = new Font(face);
  const scale = 1000 / face.upem;
  const buffer = new ShapingBuffer();
  return (text) => {
    buffer.clearContents();
    buffer.addText(text);
    buffer.guessSegmentProperties();
    shapeWith(font, buffer);
    const glyphs = buffer.getGlyphInfosAndPositions();
    const shares = sharesOf(
      text,
      glyphs.map(({ cluster }) => cluster),
    );
    return glyphs.map(({ codepoint, xAdvance = 0, yAdvance = 0, xOffset = 0, yOffset = 0 }, at) => ({
      id: codepoint,
      text: shares[at] ?? filler,
      xAdvance: xAdvance * scale,
      yAdvance: yAdvance * scale,
      xOffset: xOffset * scale,
      yOffset: yOffset * scale,
    }));
  };
}

/**
 * Hands the text of each cluster to its glyphs, sign by sign in the order of writing, the last taking what is left. So a
 * reader that goes from glyph to glyph reads what was written, though a matra is drawn before its consonant.
 */
export function sharesOf(text: string, clusters: readonly number[]): readonly string[] {
  const shares: string[] = [];
  for (let at = 0; at < clusters.length; ) {
    const from = clusters[at] ?? 0;
    let next = at + 1;
    while (next < clusters.length && clusters[next] === from) next++;
    const signs = [...text.slice(from, clusters[next] ?? text.length)];
    const glyphs = next - at;
    for (let index = 0; index < glyphs - 1; index++) shares.push(signs[index] ?? filler);
    shares.push(signs.slice(glyphs - 1).join('') || filler);
    at = next;
  }
  return withJoiners(shares);
}

/** Readers leave out a glyph that is nothing but a joiner, so a joiner goes with the sign before it. */
function withJoiners(shares: string[]): readonly string[] {
  let holder: number | undefined;
  for (const [at, share] of shares.entries()) {
    if (!/^\p{Cf}+$/u.test(share)) holder = at;
    else if (holder !== undefined && share !== filler) {
      shares[holder] += share;
      shares[at] = filler;
    }
  }
  return shares;
}

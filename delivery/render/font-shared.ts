import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { deflateSync } from 'node:zlib';
import { kept } from '../compose/kept.ts';
import { type FontFile, readFontFile } from './font-file.ts';
import { subsetOf } from './font-subset.ts';
import { openShaper } from './shaper.ts';

/** A font file, open: what all documents of this process share. */
export interface SharedFont extends FontFile {
  /** `NotoSansDevanagari-Regular` */
  readonly name: string;
  /** A text shaped, its words one by one, each with the white space after it. */
  layoutsOf(text: string): readonly Layout[];
  /** In thousandths of the type's size. */
  advanceOf(text: string): number;
  /** A font file with these glyphs, deflated. Letters alike share one, so the last are kept. */
  packed(glyphs: ReadonlySet<number>): Uint8Array;
}

/** A word as it is drawn; lengths in thousandths of the type's size. */
export interface Layout {
  readonly glyphs: readonly PlacedGlyph[];
  readonly advance: number;
}

export interface PlacedGlyph {
  /** The same object for the same glyph reading as the same text: documents give it one code. */
  readonly kind: GlyphKind;
  readonly xAdvance: number;
  readonly xOffset: number;
  readonly yOffset: number;
}

export interface GlyphKind {
  /** Number in the font file. */
  readonly id: number;
  readonly text: string;
  /** As the font declares it; where the next glyph stands, `xAdvance` says. */
  readonly width: number;
}

/** Words whose layout is kept, a font; names make it grow without end, so it begins anew when it is full. */
const keptWords = 20_000;
const keptSubsets = 60;

/** `NotoSansDevanagari-Regular`, of the file `NotoSansDevanagari_400Regular.ttf`. */
export const fontName = (path: string) => basename(path, '.ttf').replace(/_\d+/, '-');

const shared = new Map<string, SharedFont>();

/** The font of a path, read once a process. */
export function sharedFont(path: string): SharedFont {
  const font = shared.get(path) ?? openFont(path);
  shared.set(path, font);
  return font;
}

function openFont(path: string): SharedFont {
  const file = readFontFile(readFileSync(path));
  const shape = openShaper(path);
  const kinds = new Map<string, GlyphKind>();
  const kindOf = (id: number, text: string) => {
    const key = `${id} ${text}`;
    const kind = kinds.get(key) ?? { id, text, width: file.width(id) };
    kinds.set(key, kind);
    return kind;
  };
  const glyphsOf = (word: string): readonly PlacedGlyph[] =>
    shape(word).map(({ id, text, xAdvance, xOffset, yOffset }) => {
      return { kind: kindOf(id, text), xAdvance, xOffset, yOffset };
    });
  const pair = kept(glyphsOf, keptWords);
  // Every letter has figures of its own, and shaping them anew is a tenth of its work.
  const figuresOf = (word: string) =>
    Array.from(word, (_, at) => pair(word.slice(at, at + 2))[0]).filter((glyph) => glyph !== undefined);
  const layoutOf = (word: string): Layout => {
    const glyphs = figures.test(word) ? figuresOf(word) : glyphsOf(word);
    return { glyphs, advance: glyphs.reduce((sum, { xAdvance }) => sum + xAdvance, 0) };
  };
  const word = kept(layoutOf, keptWords);
  const layoutsOf = (text: string) => wordsOf(text).map(word);
  const subset = kept((list: string) => deflateSync(subsetOf(file, list.split(' ').map(Number))), keptSubsets);
  return {
    ...file,
    name: fontName(path),
    layoutsOf,
    advanceOf: (text) => layoutsOf(text).reduce((sum, { advance }) => sum + advance, 0),
    packed: (glyphs) => subset([...glyphs].sort((a, b) => a - b).join(' ')),
  };
}

/** Signs that only their neighbour on the right moves, if anything does: `font-shared.test.ts` holds it against the shaper. */
const figures = /^[0-9.,₹%−-]+ ?$/;

/** Words with the space after each: what is shaped and kept as one. */
function wordsOf(text: string): readonly string[] {
  if (!text.includes(' ')) return [text];
  const words: string[] = [];
  for (let from = 0; from < text.length; ) {
    const space = text.indexOf(' ', from);
    const until = space < 0 ? text.length : space + 1;
    words.push(text.slice(from, until));
    from = until;
  }
  return words;
}

/** The little of fontkit that is used here; it ships no types. */
declare module 'fontkit' {
  /** The glyphs of a font that one document needs. */
  export interface GlyphSubset {
    /** Takes a glyph in, with what it is composed of; gives its number in the subset. */
    includeGlyph(id: number): number;
  }
  export interface Font {
    readonly unitsPerEm: number;
    hasGlyphForCodePoint(codePoint: number): boolean;
    getGlyph(id: number): { readonly advanceWidth: number };
    createSubset(): GlyphSubset;
  }
  export function openSync(path: string): Font;
}

import { createRequire } from 'node:module';
import { type Font, type GlyphSubset, openSync } from 'fontkit';
import { openShaper, type ShapedGlyph } from './shaper.ts';

/**
 * Fonts of PDFs: each file read once a process, shaped by HarfBuzz, and written so that its text can be read back sign by
 * sign. It reaches into pdfmake and pdfkit, whose versions are pinned; `pdf-fonts.test.ts` guards what is used of them.
 *
 * Two readers, two ways. Those that know ActualText (Acrobat, poppler) take a word's text from the span around it. For the
 * others every glyph has a code for each text it stands for, several codes drawing one outline, so that a matra drawn before
 * its consonant reads in the order of writing.
 */
type FontWeight = 'normal' | 'bold';

/** A font file, open: what all documents of this process share. */
interface SharedFont {
  readonly font: Font;
  layoutOf(text: string): Layout;
}

interface Layout {
  readonly glyphs: readonly ShapedGlyph[];
  readonly positions: readonly Position[];
  /** In thousandths of the type's size. */
  readonly advanceWidth: number;
}

interface Position extends Omit<ShapedGlyph, 'id' | 'text'> {
  /** The width of the glyph itself, as the PDF's font declares it. */
  readonly advanceWidth: number;
}

/** Words whose layout is kept, a font; names make it grow without end, so it begins anew when it is full. */
const keptWords = 20_000;

function openShared(path: string): SharedFont {
  const font = openSync(path);
  const shape = openShaper(path);
  const scale = 1000 / font.unitsPerEm;
  const widths = new Map<number, number>();
  const widthOf = (id: number) => {
    const width = widths.get(id) ?? font.getGlyph(id).advanceWidth * scale;
    widths.set(id, width);
    return width;
  };
  const kept = new Map<string, Layout>();
  return {
    font,
    layoutOf(text) {
      const known = kept.get(text);
      if (known) return known;
      if (kept.size === keptWords) kept.clear();
      const glyphs = shape(text);
      const positions = glyphs.map(({ id, xAdvance, yAdvance, xOffset, yOffset }) => {
        return { xAdvance, yAdvance, xOffset, yOffset, advanceWidth: widthOf(id) };
      });
      const layout = { glyphs, positions, advanceWidth: positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0) };
      kept.set(text, layout);
      return layout;
    },
  };
}

const sharedFonts = new Map<string, SharedFont>();

function sharedFont(path: string): SharedFont {
  const font = sharedFonts.get(path) ?? openShared(path);
  sharedFonts.set(path, font);
  return font;
}

/** What is used of pdfkit's EmbeddedFont, which it does not export. */
export interface EmbeddedFont {
  document: EmbeddingDocument;
  readonly id: string;
  readonly subset: GlyphSubset;
  /** By code: the text it reads as, and its width in thousandths. */
  readonly unicode: (readonly number[])[];
  readonly widths: number[];
  ascender: number;
  descender: number;
  lineGap: number;
  layoutCached(text: string): Layout;
  encode(text: string): readonly [readonly string[], readonly Position[]];
  embed(): void;
}
type EmbeddedFontClass = new (document: EmbeddingDocument, font: Font, id: string) => EmbeddedFont;

interface EmbeddingDocument {
  ref(data?: Record<string, unknown>): { write(bytes: Uint8Array): void; end(bytes?: Uint8Array): void };
}

interface PatchedDocument extends EmbeddingDocument {
  readonly fonts: Readonly<Record<string, Readonly<Record<FontWeight, string>>>>;
  readonly _fontFamilies: Record<string, EmbeddedFont>;
  _fontCount: number;
  _font: EmbeddedFont;
  span?: string | undefined;
}

/** The class behind pdfmake's documents; its types leave it out. */
interface PdfmakeDocumentClass {
  new (): { font(path: string): { readonly _font: { readonly constructor: unknown } } };
  readonly prototype: {
    addContent(data: string): unknown;
    _fragment(text: string, ...others: unknown[]): void;
  };
}
const PdfmakeDocument: PdfmakeDocumentClass = createRequire(import.meta.url)('pdfmake/js/PDFDocument.js').default;

let embedded: EmbeddedFontClass | undefined;

/** pdfkit's class, found where it is given away: in a font that it has opened. */
function embeddedFontClass(path: string): EmbeddedFontClass {
  embedded ??= new PdfmakeDocument().font(path)._font.constructor as EmbeddedFontClass;
  return embedded;
}

/** Above and below the baseline, in thousandths of the type's size: those of Noto Sans, in which its sisters have room. */
const lineMetrics = { ascender: 1069, descender: -293 };

/** A font of one document: pdfkit's own, around the shared file, with codes of ours. */
function fontOf(document: PatchedDocument, path: string): EmbeddedFont {
  const shared = sharedFont(path);
  const Embedded = embeddedFontClass(path);
  document._fontCount += 1;
  const font = new Embedded(document, shared.font, `F${document._fontCount}`);
  const codes = new Map<string, number>();
  // By code: the glyph in the document's subset of the font. Code 0 is the empty box.
  const glyphs = [0];
  const codeOf = ({ id, text }: ShapedGlyph, width: number) => {
    const key = `${id} ${text}`;
    const known = codes.get(key);
    if (known !== undefined) return known;
    const code = glyphs.push(font.subset.includeGlyph(id)) - 1;
    codes.set(key, code);
    font.widths[code] = width;
    font.unicode[code] = [...text].map((sign) => sign.codePointAt(0) ?? 0);
    return code;
  };
  const embed = font.embed.bind(font);
  font.layoutCached = shared.layoutOf;
  font.encode = (text) => {
    const words = text.split(/(?<=[ \t])/).map(shared.layoutOf);
    const positions = words.flatMap((word) => word.positions);
    const shaped = words.flatMap((word) => word.glyphs);
    const hex = shaped.map((glyph, at) =>
      codeOf(glyph, positions[at]?.advanceWidth ?? 0)
        .toString(16)
        .padStart(4, '0'),
    );
    return [hex, positions];
  };
  font.embed = () => {
    const map = Buffer.alloc(glyphs.length * 2);
    for (const [code, glyph] of glyphs.entries()) map.writeUInt16BE(glyph, code * 2);
    font.document = withGlyphMap(document, map);
    embed();
  };
  // Scripts side by side stand on one baseline, and a line is as high whatever its script.
  font.ascender = lineMetrics.ascender;
  font.descender = lineMetrics.descender;
  font.lineGap = 0;
  document._fontFamilies[path] = font;
  return font;
}

/** A document whose fonts say by a map which glyph a code draws. */
function withGlyphMap(document: EmbeddingDocument, map: Uint8Array): EmbeddingDocument {
  return Object.create(document, {
    ref: {
      value(data?: Record<string, unknown>) {
        if (data?.['CIDToGIDMap'] === undefined) return document.ref(data);
        const stream = document.ref();
        stream.end(map);
        return document.ref({ ...data, CIDToGIDMap: stream });
      },
    },
  });
}

const indic = /[\p{Script=Devanagari}\p{Script=Gujarati}]/u;

/** `<feff0939...>`: text as a PDF's dictionary takes it. */
function hexText(text: string): string {
  return `<feff${Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).padStart(4, '0')).join('')}>`;
}

/** Makes pdfmake use fonts of this kind; once a process is enough, and more do no harm. */
export function shareFonts(): void {
  const { prototype } = PdfmakeDocument;
  if (Object.hasOwn(prototype, 'span')) return;
  const { addContent, _fragment: fragment } = prototype;
  Object.assign(prototype, {
    span: undefined,
    provideFont(this: PatchedDocument, family: string, bold: boolean): EmbeddedFont {
      const path = this.fonts[family]?.[bold ? 'bold' : 'normal'];
      if (path === undefined) throw new Error(`there is no font ${family}`);
      return this._fontFamilies[path] ?? fontOf(this, path);
    },
    _fragment(this: PatchedDocument, text: string, ...others: unknown[]) {
      this.span = indic.test(text) ? text : undefined;
      fragment.call(this, text, ...others);
      this.span = undefined;
    },
    // A span stands right inside its text object: outside of it poppler misplaces the words.
    addContent(this: PatchedDocument, data: string) {
      if (this.span === undefined) return addContent.call(this, data);
      if (data === 'ET') addContent.call(this, 'EMC');
      addContent.call(this, data);
      if (data === 'BT') addContent.call(this, `/Span <</ActualText ${hexText(this.span)}>> BDC`);
      return this;
    },
  });
}

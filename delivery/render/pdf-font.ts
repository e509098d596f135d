import { type GlyphKind, type Layout, sharedFont } from './font-shared.ts';
import type { PdfmakeDocument, PdfmakeFont, PdfObject } from './pdfmake.ts';

/** A font of one document. */
export interface DocumentFont extends PdfmakeFont {
  /** The operators that draw a text, at a size in points, where the text matrix stands. */
  show(text: string, size: number): string;
}

/** Above and below the baseline, in thousandths of the type's size: those of Noto Sans, in which its sisters have room. */
const lineMetrics = { ascender: 1069, descender: -293, xHeight: 536, box: [-1000, -550, 2900, 1350] } as const;

/**
 * A font file as one document uses it. Two readers, two ways: those that know ActualText (Acrobat, poppler) take a word's
 * text from the span around it. For the others every glyph has a code for each text it stands for, several codes drawing
 * one outline, so that a matra drawn before its consonant reads in the order of writing.
 */
export function openDocumentFont(document: PdfmakeDocument, path: string, id: string): DocumentFont {
  const shared = sharedFont(path);
  const codes = new Map<GlyphKind, string>();
  const codeOf = (kind: GlyphKind) => {
    const code = codes.get(kind) ?? hex4(codes.size + 1);
    codes.set(kind, code);
    return code;
  };
  let written: PdfObject | undefined;
  const ref = () => {
    written ??= document.ref();
    return written;
  };
  return {
    id,
    ...lineMetrics,
    lineGap: 0,
    bbox: lineMetrics.box,
    widthOfString: (text, size) => (shared.advanceOf(text) * size) / 1000,
    lineHeight: (size) => ((lineMetrics.ascender - lineMetrics.descender) * size) / 1000,
    show: (text, size) => showing(shared.layoutsOf(text), codeOf, size),
    encode(text) {
      const words = shared.layoutsOf(text);
      const places = words.map(({ advance }) => ({ xAdvance: advance, advanceWidth: advance, ...still }));
      return [words.map((word) => betweenBrackets(word, codeOf)), places];
    },
    ref,
    finalize() {
      if (written === undefined) return;
      const kinds = [...codes.keys()];
      written.data = fontObject(document, shared.name, id, kinds, shared.packed(new Set(kinds.map((kind) => kind.id))));
      written.end();
    },
  };
}

const still = { yAdvance: 0, xOffset: 0, yOffset: 0 };

const hex4 = (number: number) => number.toString(16).padStart(4, '0');
const short = (number: number) => String(Math.round(number * 1000) / 1000);

/** `[<00010002> -12 <0003>] TJ`; marks above or below are raised by Ts. */
function showing(words: readonly Layout[], codeOf: (kind: GlyphKind) => string, size: number): string {
  let operators = '';
  let strings = '';
  let run = '';
  let aside = 0;
  let raised = 0;
  const flush = () => {
    if (run !== '') strings += `<${run}>`;
    run = '';
    if (strings === '') return;
    operators += strings.endsWith('>') && strings.lastIndexOf('<') === 0 ? `${strings} Tj ` : `[${strings}] TJ `;
    strings = '';
  };
  for (const { glyphs } of words)
    for (const { kind, xAdvance, xOffset, yOffset } of glyphs) {
      if (yOffset !== raised) {
        flush();
        operators += `${short((yOffset * size) / 1000)} Ts `;
        raised = yOffset;
      }
      const before = aside - xOffset;
      if (Math.abs(before) > 0.01) {
        if (run !== '') strings += `<${run}>`;
        run = '';
        strings += short(before);
      }
      run += codeOf(kind);
      aside = xOffset + kind.width - xAdvance;
    }
  flush();
  return raised === 0 ? operators : `${operators}0 Ts `;
}

/**
 * A word as a TJ's string takes it, without the first `<` and the last `>`. Whoever draws SVG has its type's size, so marks
 * above or below say how far they are raised in thousandths of it: `@165 Ts`.
 */
function betweenBrackets(word: Layout, codeOf: (kind: GlyphKind) => string): string {
  let inner = '';
  let aside = 0;
  let raised = 0;
  for (const { kind, xAdvance, xOffset, yOffset } of word.glyphs) {
    if (yOffset !== raised) inner += `>] TJ @${short(yOffset)} Ts [<`;
    raised = yOffset;
    const before = aside - xOffset;
    inner += Math.abs(before) > 0.01 ? `> ${short(before)} <${codeOf(kind)}` : codeOf(kind);
    aside = xOffset + kind.width - xAdvance;
  }
  if (raised !== 0) inner += '>] TJ @0 Ts [<';
  return Math.abs(aside) > 0.01 ? `${inner}> ${short(aside)} <` : inner;
}

/** Operators in which marks are raised by so many thousandths, for type of a size in points. */
export const raisedFor = (operators: string, size: number) =>
  operators.replace(/@(-?[\d.]+) Ts/g, (_, rise: string) => `${short((Number(rise) * size) / 1000)} Ts`);

/** A font of two-byte codes: ISO 32000-1, 9.7. `kinds` in the order of their codes, from 1 on. */
function fontObject(
  document: PdfmakeDocument,
  base: string,
  id: string,
  kinds: readonly GlyphKind[],
  packed: Uint8Array,
): Record<string, unknown> {
  const name = `TIFFI${String.fromCharCode(64 + (Number(id.slice(1)) % 26 || 26))}+${base}`;
  const written = (data: Record<string, unknown>, bytes?: Uint8Array | string) => {
    const object = document.ref(data);
    object.end(bytes);
    return object;
  };
  const map = Buffer.alloc((kinds.length + 1) * 2);
  for (const [at, kind] of kinds.entries()) map.writeUInt16BE(kind.id, (at + 1) * 2);
  const descriptor = written({
    Type: 'FontDescriptor',
    FontName: name,
    Flags: 4,
    FontBBox: lineMetrics.box,
    ItalicAngle: 0,
    Ascent: lineMetrics.ascender,
    Descent: lineMetrics.descender,
    CapHeight: 714,
    XHeight: lineMetrics.xHeight,
    StemV: 0,
    FontFile2: written({ Filter: 'FlateDecode' }, packed),
  });
  const described = written({
    Type: 'Font',
    Subtype: 'CIDFontType2',
    BaseFont: name,
    // pdfkit writes a String object as a PDF's string, a plain one as a name.
    CIDSystemInfo: { Registry: new String('Adobe'), Ordering: new String('Identity'), Supplement: 0 },
    FontDescriptor: descriptor,
    W: [0, [0, ...kinds.map(({ width }) => width)]],
    CIDToGIDMap: written({}, map),
  });
  return {
    Type: 'Font',
    Subtype: 'Type0',
    BaseFont: name,
    Encoding: 'Identity-H',
    DescendantFonts: [described],
    ToUnicode: written({}, unicodeMap(kinds)),
  };
}

/** UTF-16BE in hex. */
export const hexText = (text: string) => Buffer.from(text, 'utf16le').swap16().toString('hex');

/** The text of each code, in stretches of at most 256 that share their first byte. */
function unicodeMap(kinds: readonly GlyphKind[]): string {
  const texts = ['<0000>', ...kinds.map(({ text }) => `<${hexText(text)}>`)];
  const ranges: string[] = [];
  for (let from = 0; from < texts.length; from += 256) {
    const some = texts.slice(from, from + 256);
    ranges.push(`<${hex4(from)}> <${hex4(from + some.length - 1)}> [${some.join(' ')}]`);
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
${ranges.length} beginbfrange
${ranges.join('\n')}
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end
`;
}

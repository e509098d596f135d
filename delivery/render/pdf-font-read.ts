import { type FontFile, readFontFile } from './font-file.ts';
import type { PdfNode } from './pdf-file.ts';
import { isOperator, openPdfReader } from './pdf-syntax.ts';

/** A font as a page uses it: what each of its two-byte codes reads as, draws, and how far it moves on. */
export interface ReadFont {
  /** `NotoSans-Regular`, without the tag of the part of it that is embedded. */
  readonly name: string;
  /** The font file in the PDF. */
  readonly file: FontFile;
  /** The file as it stands there: the same bytes, the same glyphs. */
  readonly packed: Uint8Array;
  sign(code: number): Sign;
}

export interface Sign {
  /** Undefined where the font does not say. */
  readonly text: string | undefined;
  readonly glyph: number;
  /** In thousandths of the type's size. */
  readonly width: number;
  /** Draws nothing: white space. */
  readonly blank: boolean;
}

/** Reads a composite font with an embedded TrueType file. Throws `Error` for any other: none of ours is. */
export function readFont(font: PdfNode): ReadFont {
  const [described] = font.get('DescendantFonts').list();
  if (described === undefined) throw new Error('a font is not described');
  const texts = textsOf(font.get('ToUnicode').bytes());
  const widths = widthsOf(described.get('W'));
  const map = described.get('CIDToGIDMap').bytes();
  const packed = described.get('FontDescriptor').get('FontFile2');
  const base = font.get('BaseFont').value;
  const signs: Sign[] = [];
  const signOf = (code: number): Sign => ({
    text: texts.get(code),
    glyph: ((map[code * 2] ?? 0) << 8) | (map[code * 2 + 1] ?? 0),
    width: widths[code] ?? 1000,
    blank: texts.get(code)?.trim() === '',
  });
  return {
    name: typeof base === 'object' && base !== null && 'name' in base ? base.name.replace(/^[A-Z]{6}\+/, '') : '',
    file: readFontFile(packed.bytes()),
    packed: packed.raw(),
    sign(code) {
      signs[code] ??= signOf(code);
      return signs[code];
    },
  };
}

/** `[0 [w0 w1 ...]]`: ISO 32000-1, 9.7.4.3. */
function widthsOf(node: PdfNode): readonly number[] {
  const widths: number[] = [];
  const parts = node.list();
  for (let at = 0; at < parts.length; at += 2) {
    const from = parts[at]?.number() ?? 0;
    for (const [index, width] of (parts[at + 1]?.list() ?? []).entries()) widths[from + index] = width.number();
  }
  return widths;
}

/** What a ToUnicode map says (Adobe Technical Note 5411): ranges whose texts are listed, and single codes. */
function textsOf(map: Uint8Array): ReadonlyMap<number, string> {
  const reader = openPdfReader(Buffer.from(map).toString('latin1'));
  const texts = new Map<number, string>();
  let operands: unknown[] = [];
  for (let value = reader.next(); value !== undefined; value = reader.next()) {
    if (!isOperator(value)) {
      operands.push(value);
      continue;
    }
    if (value.operator === 'endbfrange')
      for (let at = 0; at + 2 < operands.length; at += 3) {
        const [first, , list] = operands.slice(at, at + 3);
        if (!Array.isArray(list)) throw new Error('a range of codes does not list its texts');
        for (const [index, text] of list.entries()) texts.set(codeOf(first) + index, utf16(text));
      }
    if (value.operator === 'endbfchar')
      for (let at = 0; at + 1 < operands.length; at += 2) texts.set(codeOf(operands[at]), utf16(operands[at + 1]));
    operands = [];
  }
  return texts;
}

const codeOf = (value: unknown) => Buffer.from(String(value), 'latin1').readUInt16BE();
const utf16 = (value: unknown) => Buffer.from(String(value), 'latin1').swap16().toString('utf16le');

import type { PdfNode } from './pdf-file.ts';
import { type ReadFont, readFont } from './pdf-font-read.ts';
import { isDictionary, isOperator, openPdfReader, type PdfValue } from './pdf-syntax.ts';

/** Signs drawn one after another: a string of a page, or all that stand in one span. */
export interface Shown {
  /** What its signs read as, white space included. */
  readonly text: string;
  /** What its span says that it reads as. */
  readonly actual: string | undefined;
  readonly font: ReadFont;
  /** Points from the page's lower left corner: where it begins, where its last sign ends, and its baseline. */
  readonly left: number;
  readonly right: number;
  readonly baseline: number;
  readonly glyphs: DrawnGlyphs;
}

/** Number by number, since there are thousands; places in thousandths of the type's size from where the text begins. */
export interface DrawnGlyphs {
  readonly ids: readonly number[];
  readonly x: readonly number[];
  readonly y: readonly number[];
}

type Matrix = readonly [number, number, number, number, number, number];

/** Reads the text of a page with its places, in the order it was drawn (ISO 32000-1, 9.4). `fontOf` opens a font once. */
export function readPage(page: PdfNode, fontOf: (node: PdfNode) => ReadFont): readonly Shown[] {
  const shown: MutableShown[] = [];
  readContent(page.get('Contents').bytes(), page.get('Resources'), [1, 0, 0, 1, 0, 0]);
  return shown;

  function readContent(content: Uint8Array, resources: PdfNode, begin: Matrix): void {
    const reader = openPdfReader(Buffer.from(content.buffer, content.byteOffset, content.length).toString('latin1'));
    const fonts = new Map<string, ReadFont>();
    const saved: Matrix[] = [];
    let matrix = begin;
    let line: Matrix = begin;
    let [size, rise, moved, mode] = [0, 0, 0, 0];
    let font: ReadFont | undefined;
    const marks: (string | undefined)[] = [];
    // What the next string goes on with: until the pen is moved or a span begins or ends.
    let going: MutableShown | undefined;
    let operands: PdfValue[] = [];

    const numbers = () => operands.map(Number) as unknown as Matrix;
    const nameAt = (at: number) => {
      const value = operands[at];
      return typeof value === 'object' && value !== null && 'name' in value ? value.name : '';
    };
    const begunSpan = () => marks.findLast((mark) => mark !== undefined);
    const show = (parts: readonly PdfValue[]) => {
      if (font === undefined) throw new Error('text is drawn before its font is chosen');
      if (mode === 3) return;
      const actual = begunSpan();
      const whole = times(line, matrix);
      const unit = (Math.hypot(whole[0], whole[1]) * size) / 1000;
      const left = whole[4] + (moved * size * whole[0]) / 1000;
      const baseline = whole[5] + (moved * size * whole[1]) / 1000;
      going ??= begun({
        text: '',
        actual,
        font,
        left,
        right: left,
        baseline,
        glyphs: { ids: [], x: [], y: [] },
        from: moved,
      });
      const one = going;
      for (const part of parts) {
        if (typeof part === 'number') moved -= part;
        if (typeof part !== 'string') continue;
        for (let at = 0; at + 1 < part.length; at += 2) {
          const sign = font.sign((part.charCodeAt(at) << 8) | part.charCodeAt(at + 1));
          if (sign.text === undefined) throw new Error(`glyph ${sign.glyph} of ${font.name} reads as nothing`);
          one.text += sign.text;
          one.glyphs.ids.push(sign.glyph);
          one.glyphs.x.push(moved - one.from);
          one.glyphs.y.push(rise === 0 ? 0 : (rise / size) * 1000);
          moved += sign.width;
          // A space at the end is no part of it.
          if (!sign.blank) one.right = Math.max(one.right, one.left + (moved - one.from) * unit);
        }
      }
    };

    const begun = (one: MutableShown) => {
      shown.push(one);
      return one;
    };

    for (let value = reader.next(); value !== undefined; value = reader.next()) {
      if (!isOperator(value)) {
        operands.push(value);
        continue;
      }
      switch (value.operator) {
        case 'q':
          saved.push(matrix);
          break;
        case 'Q':
          matrix = saved.pop() ?? begin;
          break;
        case 'cm':
          matrix = times(numbers(), matrix);
          break;
        case 'BT':
          [line, moved, going] = [[1, 0, 0, 1, 0, 0], 0, undefined];
          break;
        case 'Tm':
          [line, moved, going] = [numbers(), 0, undefined];
          break;
        case 'Td':
          line = times([1, 0, 0, 1, Number(operands[0]), Number(operands[1])], line);
          [moved, going] = [0, undefined];
          break;
        case 'Tf': {
          const name = nameAt(0);
          font = fonts.get(name) ?? fontOf(resources.get('Font').get(name));
          fonts.set(name, font);
          size = Number(operands[1]);
          going = undefined;
          break;
        }
        case 'Ts':
          rise = Number(operands[0]);
          break;
        case 'Tr':
          mode = Number(operands[0]);
          break;
        case 'BDC': {
          const [, properties] = operands;
          const actual = isDictionary(properties) ? properties.entries.get('ActualText') : undefined;
          marks.push(typeof actual === 'string' ? utf16(actual) : undefined);
          going = undefined;
          break;
        }
        case 'BMC':
          marks.push(undefined);
          break;
        case 'EMC':
          marks.pop();
          going = undefined;
          break;
        case 'Tj':
          show(operands);
          break;
        case 'TJ':
          show(Array.isArray(operands[0]) ? operands[0] : []);
          break;
        case 'Do': {
          const form = resources.get('XObject').get(nameAt(0));
          if (form.names().includes('Resources')) readContent(form.bytes(), form.get('Resources'), matrix);
          break;
        }
        case "'":
        case '"':
        case 'TD':
        case 'T*':
        case 'Tc':
        case 'Tw':
        case 'Tz':
          throw new Error(`a page moves its text by ${value.operator}, which is not read here`);
      }
      operands = [];
    }
  }
}

interface MutableShown extends Shown {
  text: string;
  right: number;
  readonly glyphs: { readonly ids: number[]; readonly x: number[]; readonly y: number[] };
  /** How far its line had moved where it begins. */
  readonly from: number;
}

function times(a: Matrix, b: Matrix): Matrix {
  return [
    a[0] * b[0] + a[1] * b[2],
    a[0] * b[1] + a[1] * b[3],
    a[2] * b[0] + a[3] * b[2],
    a[2] * b[1] + a[3] * b[3],
    a[4] * b[0] + a[5] * b[2] + b[4],
    a[4] * b[1] + a[5] * b[3] + b[5],
  ];
}

/** With the mark before it that says so. */
const utf16 = (text: string) =>
  Buffer.from(text, 'latin1')
    .swap16()
    .toString('utf16le')
    .replace(/^\ufeff/, '');

/** Opens each font of a file once, by the file that is embedded in it. */
export function fontOpener(): (node: PdfNode) => ReadFont {
  const opened = new Map<PdfValue | undefined, ReadFont>();
  return (node) => {
    const font = opened.get(node.value) ?? readFont(node);
    opened.set(node.value, font);
    return font;
  };
}

import { type DocumentFont, hexText } from './pdf-font.ts';
import type { Inline, PdfmakeDocument, TextLine } from './pdfmake.ts';

/** Draws a line of words with its top left corner at a place on the page that is being drawn. */
export function drawLine(document: PdfmakeDocument, line: TextLine<DocumentFont>, x: number, y: number): void {
  const baseline = place(y + line.getAscenderHeight());
  let operators = '';
  for (const { text, font, fontSize, color, left } of stretchesOf(line.inlines)) {
    if (text.trim() === '') continue;
    document.page.fonts[font.id] ??= font.ref();
    const shown = font.show(text, fontSize);
    // A span stands right inside its text object: outside of it poppler misplaces the words.
    const words = indic.test(text) ? `/Span <</ActualText <feff${hexText(text)}>>> BDC\n${shown}EMC` : shown;
    // Pages count downwards, so the type is turned the right way up.
    operators += `${fillOf(color)} BT 1 0 0 -1 ${place(x + left)} ${baseline} Tm /${font.id} ${fontSize} Tf\n${words} ET\n`;
  }
  if (operators !== '') document.addContent(operators);
}

const indic = /[\p{Script=Devanagari}\p{Script=Gujarati}]/u;

/** Hundredths of a point. */
const place = (points: number) => String(Math.round(points * 100) / 100);

/** Words side by side that look alike, put together; words of a shaped script stay alone, each in its span. */
function stretchesOf(inlines: readonly Inline<DocumentFont>[]) {
  const stretches: (Pick<Inline<DocumentFont>, 'font' | 'fontSize' | 'color'> & {
    text: string;
    readonly left: number;
    right: number;
  })[] = [];
  for (const { text, font, fontSize, color, width, x: left = 0 } of inlines) {
    const last = stretches.at(-1);
    const joins =
      last !== undefined &&
      last.font === font &&
      last.fontSize === fontSize &&
      last.color === color &&
      Math.abs(last.right - left) < 0.001 &&
      !indic.test(last.text + text);
    if (joins) {
      last.text += text;
      last.right = left + width;
    } else stretches.push({ text, font, fontSize, color, left, right: left + width });
  }
  return stretches;
}

const fills = new Map<string, string>();

/** `0.12 0.37 0.66 rg` for `#1f5fa8`. */
function fillOf(color: string): string {
  const known = fills.get(color);
  if (known !== undefined) return known;
  const hex = /^#([0-9a-f]{6})$/i.exec(color)?.[1] ?? '000000';
  const parts = [0, 2, 4].map((at) => Math.round((Number.parseInt(hex.slice(at, at + 2), 16) / 255) * 1000) / 1000);
  const fill = `${parts.join(' ')} rg`;
  fills.set(color, fill);
  return fill;
}

import type { DocumentFont } from './pdf-font.ts';
import { type BrokenRun, breakRuns, type Inline, type Inlines, type StyleStack, type TextRun } from './pdfmake.ts';

/** The styles that texts of ours may have; pdfmake knows more, each of which it looks up for each word. */
interface Style {
  readonly font: string;
  readonly bold: boolean;
  readonly fontSize: number;
  readonly color: string;
  readonly alignment: string;
  readonly lineHeight: number;
  readonly noWrap: boolean;
}

const plain: Style = {
  font: 'Noto Sans',
  bold: false,
  fontSize: 12,
  color: 'black',
  alignment: 'left',
  lineHeight: 1,
  noWrap: false,
};
const names = Object.keys(plain) as readonly (keyof Style)[];

/** Makes words of a text that pdfmake can put on lines: each measured, with the style in force. */
export function wordsOf(
  text: unknown,
  styles: StyleStack,
  fontOf: (family: string, bold: boolean) => DocumentFont,
): Inlines<DocumentFont> {
  const style = styleOf(styles);
  const items = brokenRuns(text, style.noWrap).map((run): Inline<DocumentFont> => {
    const font = fontOf(run.font ?? style.font, run.bold ?? style.bold);
    const fontSize = run.fontSize ?? style.fontSize;
    return {
      text: run.text,
      lineEnd: run.lineEnd,
      noNewLine: run.noNewLine,
      noWrap: run.noWrap ?? style.noWrap,
      font,
      fontSize,
      color: run.color ?? style.color,
      alignment: style.alignment,
      width: font.widthOfString(run.text, fontSize),
      height: font.lineHeight(fontSize) * style.lineHeight,
      leadingCut: isSpace(run.text, 0) ? widthOfSpaces(run.text, /^\s+/, font, fontSize) : 0,
      trailingCut: isSpace(run.text, -1) ? widthOfSpaces(run.text, /\s+$/, font, fontSize) : 0,
    };
  });
  const { minWidth, maxWidth } = widthsOf(items);
  return { items, minWidth: (style.noWrap ? maxWidth : minWidth) + hair, maxWidth: maxWidth + hair };
}

/** Points. A column as wide as its word must have room for it when its edges have been added up, rounded each time. */
const hair = 0.01;

/** The innermost style that says something, for each property. */
function styleOf({ styleOverrides, defaultStyle }: StyleStack): Style {
  const found: Record<string, unknown> = { ...plain, ...defaultStyle };
  for (const name of names)
    for (let at = styleOverrides.length - 1; at >= 0; at--) {
      const override = styleOverrides[at];
      const value = typeof override === 'object' ? override[name] : undefined;
      if (value === undefined || value === null) continue;
      found[name] = value;
      break;
    }
  return found as unknown as Style;
}

/** The same words stand in many cells, and finding where they may break is dear. */
const brokenTexts = new Map<string, readonly BrokenRun[]>();
const keptTexts = 20_000;

function brokenRuns(text: unknown, noWrap: boolean): readonly BrokenRun[] {
  if (typeof text !== 'string') return breakRuns(flattened(text).map((run) => ({ noWrap, ...run })));
  if (noWrap) return [{ text }];
  const known = brokenTexts.get(text);
  if (known) return known;
  if (brokenTexts.size === keptTexts) brokenTexts.clear();
  const broken = breakRuns([{ text }]);
  brokenTexts.set(text, broken);
  return broken;
}

/** Texts within texts, as pdfmake takes them: the innermost runs, each with its own style alone. */
function flattened(text: unknown): readonly TextRun[] {
  if (Array.isArray(text)) return text.flatMap(flattened);
  if (typeof text !== 'object' || text === null) return [{ text: String(text ?? '') }];
  const { text: inner } = text as { readonly text?: unknown };
  return Array.isArray(inner) ? inner.flatMap(flattened) : [{ ...text, text: String(inner ?? '') }];
}

const isSpace = (text: string, at: number) => /\s/.test(text.at(at) ?? '');

function widthOfSpaces(text: string, where: RegExp, font: DocumentFont, size: number): number {
  const [spaces] = where.exec(text) ?? [];
  return spaces === undefined ? 0 : font.widthOfString(spaces, size);
}

/** The widest word, and the widest line where none is broken but those that must be. */
function widthsOf(items: readonly Inline<DocumentFont>[]) {
  let [minWidth, maxWidth] = [0, 0];
  let line: { width: number; leadingCut: number } | undefined;
  for (const { width, leadingCut, trailingCut, lineEnd } of items) {
    minWidth = Math.max(minWidth, width - leadingCut - trailingCut);
    line ??= { width: 0, leadingCut };
    line.width += width;
    maxWidth = Math.max(maxWidth, line.width - line.leadingCut - trailingCut);
    if (lineEnd) line = undefined;
  }
  return { minWidth, maxWidth };
}

import { createRequire } from 'node:module';

/**
 * What is used of the inside of pdfmake and of pdfkit below it, whose versions are pinned; `pdfmake.test.ts` guards it.
 * pdfmake measures boxes, breaks pages and lays out tables; fonts, words and lines of text are ours.
 */
const require = createRequire(import.meta.url);

/** One object of a PDF. */
export interface PdfObject {
  data: Record<string, unknown>;
  end(bytes?: Uint8Array | string): void;
}

/** A document while it is drawn. `_fontFamilies` by path; each is written at the end. */
export interface PdfmakeDocument {
  readonly fonts: Readonly<Record<string, Readonly<Record<'normal' | 'bold', string>>>>;
  readonly page: { readonly fonts: Record<string, PdfObject> };
  readonly _fontFamilies: Record<string, PdfmakeFont>;
  _font: PdfmakeFont;
  readonly outline: { addItem(title: string): unknown };
  ref(data?: Record<string, unknown>): PdfObject;
  addContent(operators: string): unknown;
}

/** What pdfmake asks of a font, and what its drawing of SVG does. Lengths in thousandths of the type's size. */
export interface PdfmakeFont {
  readonly id: string;
  readonly ascender: number;
  readonly descender: number;
  readonly lineGap: number;
  readonly xHeight: number;
  readonly bbox: readonly [number, number, number, number];
  /** In points. */
  widthOfString(text: string, size: number): number;
  lineHeight(size: number): number;
  /** Operators between `<` and `>` of a TJ, one a word, and their places; for SVG. */
  encode(text: string): readonly [readonly string[], readonly SvgPosition[]];
  ref(): PdfObject;
  /** Writes the font, when all pages are. */
  finalize(): void;
}

export interface SvgPosition {
  readonly xAdvance: number;
  readonly yAdvance: number;
  readonly xOffset: number;
  readonly yOffset: number;
  readonly advanceWidth: number;
}

/** Styles in force, the innermost last. */
export interface StyleStack {
  readonly styleOverrides: readonly (string | Readonly<Record<string, unknown>>)[];
  readonly defaultStyle?: Readonly<Record<string, unknown>>;
}

/** A word on its way to a line, in points. */
export interface Inline<Font = PdfmakeFont> {
  readonly text: string;
  readonly font: Font;
  readonly fontSize: number;
  readonly color: string;
  readonly alignment: string;
  readonly width: number;
  readonly height: number;
  readonly leadingCut: number;
  readonly trailingCut: number;
  /** Where it stands on its line; set when it is put there. */
  readonly x?: number;
  readonly lineEnd: boolean | undefined;
  readonly noNewLine: boolean | undefined;
  /** Never broken, though it be wider than its line. */
  readonly noWrap: boolean;
}

export interface Inlines<Font = PdfmakeFont> {
  readonly items: readonly Inline<Font>[];
  readonly minWidth: number;
  readonly maxWidth: number;
}

/** A line of words on a page, in points from its top left corner. */
export interface TextLine<Font = PdfmakeFont> {
  readonly inlines: readonly Inline<Font>[];
  readonly _outline?: { readonly text: string };
  getAscenderHeight(): number;
}

interface Prototype<T> {
  readonly default: { readonly prototype: T };
}

const inside = <T>(file: string): Prototype<T>['default'] => (require(`pdfmake/js/${file}.js`) as Prototype<T>).default;

export const documentClass = inside<{
  provideFont(this: PdfmakeDocument, family: string, bold: boolean): PdfmakeFont;
  font(this: PdfmakeDocument, path: string): PdfmakeDocument;
  addContent(this: PdfmakeDocument, operators: string): unknown;
}>('PDFDocument');

export const wordsClass = inside<{
  buildInlines(this: { readonly pdfDocument: PdfmakeDocument }, text: unknown, styles: StyleStack): Inlines;
}>('TextInlines');

export const pagesClass = inside<{
  renderLine(this: { readonly pdfDocument: PdfmakeDocument }, line: TextLine, x: number, y: number): void;
}>('Renderer');

const Breaker = (
  require('pdfmake/js/TextBreaker.js') as {
    readonly default: new () => { getBreaks(texts: readonly TextRun[]): readonly BrokenRun[] };
  }
).default;

/** A stretch of text with the style it has of its own. */
export interface TextRun {
  readonly text: string;
  readonly font?: string;
  readonly bold?: boolean;
  readonly fontSize?: number;
  readonly color?: string;
  readonly noWrap?: boolean;
}

/** `lineEnd`: a line feed stood after it. `noNewLine`: the next word belongs to it, though in another font. */
export interface BrokenRun extends TextRun {
  readonly lineEnd?: boolean;
  readonly noNewLine?: boolean;
}

/** Splits runs where a line may break. */
export const breakRuns = (runs: readonly TextRun[]) => new Breaker().getBreaks(runs);

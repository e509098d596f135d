import { deflateSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import type { Document } from '../compose/document.ts';
import { madeUpDocument } from '../compose/made-up.ts';
import { readFontFile } from './font-file.ts';
import { sharedFont } from './font-shared.ts';
import { subsetOf } from './font-subset.ts';
import { fontPath } from './fonts.ts';
import { makeWith } from './making.ts';
import { openPdf } from './pdf.ts';
import type { DocumentFont } from './pdf-font.ts';
import { type PdfmakeDocument, pagesClass, type TextLine } from './pdfmake.ts';

// Renderers that draw wrongly, planted between pdfmake's layout and the page: what they draw must be caught by reading it.
const signal = new AbortController().signal;
const pdf = openPdf();
const right = pagesClass.prototype.renderLine;
afterEach(() => {
  pagesClass.prototype.renderLine = right;
});

type Draw = (this: { readonly pdfDocument: PdfmakeDocument }, line: TextLine, x: number, y: number) => void;
const planted = (draw: Draw) => {
  pagesClass.prototype.renderLine = draw;
};

const wordsOf = (line: TextLine) => line.inlines.map(({ text }) => text).join('');

/** The codes that a drawing of a document is stopped for, none where it may leave. */
async function findings(document: Document): Promise<readonly string[]> {
  const making = await makeWith(pdf, document, signal);
  if (making.kind === 'unavailable') throw new Error(making.reason);
  return making.kind === 'made' ? [] : [...new Set(making.problems.map(({ code }) => code))];
}

const names = ['हिन्दी दुकान कर्ज़', 'ગુજરાતી ક્ષત્રિય', 'Fareway'];
const report = await madeUpDocument({ stores: 60, names });

test('as it is, it may leave', async () => {
  expect(await findings(report)).toEqual([]);
});

test('a dropped row is caught', async () => {
  let dropped = 0;
  planted(function (line, x, y) {
    if (wordsOf(line).startsWith('Fareway')) dropped = y;
    if (dropped === 0 || y !== dropped) right.call(this, line, x, y);
  });
  expect(await findings(report)).toContain('wrong-row');
  expect(dropped).toBeGreaterThan(0);
});

test.each([40, 3, -3])('a column that stands %s pt aside is caught', async (aside) => {
  const seen = new Map<number, number>();
  planted(function (line, x, y) {
    const figure = /^[\d,]+$/.test(wordsOf(line));
    // The second figure of each line of figures.
    const count = figure ? (seen.get(y) ?? 0) + 1 : 0;
    if (figure) seen.set(y, count);
    right.call(this, line, count === 2 && seen.size > 12 ? x + aside : x, y);
  });
  expect(await findings(report)).toContain('wrong-row');
});

test.each(['all of it', 'all but its foot'])('a blank page is caught: %s', async (what) => {
  const pages = new Set<unknown>();
  planted(function (line, x, y) {
    pages.add(this.pdfDocument.page);
    const blank = pages.size === 2 && [...pages][1] === this.pdfDocument.page;
    if (!blank || (what === 'all but its foot' && y > 780)) right.call(this, line, x, y);
  });
  expect(await findings(report)).toContain('blank');
});

test('type that is not shaped is caught, though it reads right', async () => {
  planted(function (line, x, y) {
    const letterByLetter = (font: DocumentFont): DocumentFont => ({
      ...font,
      show: (text, size) => {
        const letters = /[\u0900-\u0aff]/.test(text) ? Array.from(text) : [text];
        return letters.map((letter) => font.show(letter, size)).join('');
      },
    });
    const inlines = line.inlines.map((inline) => ({ ...inline, font: letterByLetter(inline.font as DocumentFont) }));
    right.call(this, Object.assign(Object.create(line), { inlines }), x, y);
  });
  const making = await makeWith(pdf, report, signal);
  if (making.kind !== 'wrong') throw new Error('it may leave');
  expect(new Set(making.problems.map(({ code }) => code))).toEqual(new Set(['wrong-type']));
  expect(making.problems.some(({ message }) => /[\u0900-\u0aff]/.test(message))).toBe(true);
});

test('marks that stand aside are caught', async () => {
  planted(function (line, x, y) {
    const aside = (font: DocumentFont): DocumentFont => ({
      ...font,
      show: (text, size) => font.show(text, size).replace(/^<(.{4})(.{4,})> Tj/, '[<$1>-90<$2>] TJ'),
    });
    const inlines = line.inlines.map((inline) => ({ ...inline, font: aside(inline.font as DocumentFont) }));
    right.call(this, Object.assign(Object.create(line), { inlines }), x, y);
  });
  expect(await findings(report)).toContain('wrong-type');
});

test('a figure whose outline is that of another is caught, though it reads right', async () => {
  const font = sharedFont(fontPath('Noto Sans', 'regular'));
  const { packed } = font;
  const [three, eight] = ['3', '8'].map((figure) => font.layoutsOf(figure)[0]?.glyphs[0]?.kind.id);
  const lying = { ...font, outline: (id: number) => font.outline(id === eight ? (three ?? id) : id) };
  try {
    Object.assign(font, { packed: (glyphs: ReadonlySet<number>) => deflateSync(subsetOf(lying, glyphs)) });
    expect(await findings(report)).toContain('wrong-type');
  } finally {
    Object.assign(font, { packed });
  }
  expect(readFontFile(subsetOf(font, [eight ?? 0])).outline(eight ?? 0)).not.toHaveLength(0);
  expect(await findings(report)).toEqual([]);
});

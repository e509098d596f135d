import { getDocument, type PDFDocumentProxy, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** A stretch of text on a page, in points from the left edge; its words without white space. */
export interface Piece {
  readonly text: string;
  readonly left: number;
  readonly right: number;
}

/** Pieces on one baseline, from left to right. `y` is measured from the top of the page. */
export interface Line {
  readonly page: number;
  readonly y: number;
  readonly pieces: readonly Piece[];
}

export interface ReadPdf {
  readonly pages: number;
  readonly title: string;
  readonly lines: readonly Line[];
}

/** Reads the text of a PDF with its places, page by page from top to bottom. Throws where the bytes are no PDF. */
export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  // The bytes are copied: pdf.js takes over what it is given.
  const task = getDocument({
    data: new Uint8Array(bytes),
    useSystemFonts: false,
    verbosity: 0,
  });
  try {
    const pdf = await task.promise;
    const { info } = await pdf.getMetadata();
    const lines: Line[] = [];
    for (let page = 1; page <= pdf.numPages; page++) lines.push(...(await linesOf(pdf, page)));
    return { pages: pdf.numPages, title: String('Title' in info ? info.Title : ''), lines };
  } finally {
    await task.destroy();
  }
}

async function linesOf(pdf: PDFDocumentProxy, number: number): Promise<readonly Line[]> {
  const page = await pdf.getPage(number);
  const { height } = page.getViewport({ scale: 1 });
  // As written: the reader's own normal forms would hide a letter that is not the one of the source.
  const content = await page.getTextContent({ includeMarkedContent: true, disableNormalization: true });
  page.cleanup();
  const lines: { page: number; y: number; pieces: Piece[] }[] = [];
  for (const { baseline, piece } of piecesOf(content.items).sort((a, b) => b.baseline - a.baseline)) {
    const y = height - baseline;
    const line = lines.at(-1);
    if (line !== undefined && y - line.y < sameBaseline) line.pieces.push(piece);
    else lines.push({ page: number, y, pieces: [piece] });
  }
  for (const line of lines) line.pieces.sort((a, b) => a.left - b.left);
  return lines;
}

type Item = Awaited<ReturnType<PDFPageProxy['getTextContent']>>['items'][number];

/** Joins what stands in one span: a word of a shaped script, whose marks are set one by one around its letters. */
function piecesOf(items: readonly Item[]) {
  const pieces: { baseline: number; piece: Piece }[] = [];
  let span: { baseline: number; piece: Piece } | undefined;
  let inSpan = false;
  for (const item of items) {
    if (!('str' in item)) {
      inSpan = item.type !== 'endMarkedContent';
      span = undefined;
      continue;
    }
    const text = item.str.replace(nothing, '');
    if (text === '') continue;
    const [, , , , left = 0, baseline = 0] = item.transform;
    const right = left + item.width;
    if (span === undefined) {
      const found = { baseline, piece: { text, left, right } };
      pieces.push(found);
      if (inSpan) span = found;
      continue;
    }
    const { piece } = span;
    span.piece = {
      text: piece.text + text,
      left: Math.min(piece.left, left),
      right: Math.max(piece.right, right),
    };
  }
  return pieces;
}

/** White space, and what glyphs read as that have no text of their own. */
const nothing = /[\s\u200b]+/g;

/** Points: scripts side by side may sit a hair apart, lines are some ten apart. */
const sameBaseline = 1.5;

import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

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
  const { items } = await page.getTextContent();
  const pieces = items.flatMap((item) => {
    if (!('str' in item)) return [];
    const text = item.str.replace(/\s+/g, '');
    const [, , , , left = 0, baseline = 0] = item.transform;
    return text === '' ? [] : [{ y: height - baseline, piece: { text, left, right: left + item.width } }];
  });
  page.cleanup();
  const lines: { page: number; y: number; pieces: Piece[] }[] = [];
  for (const { y, piece } of pieces.sort((a, b) => a.y - b.y)) {
    const line = lines.at(-1);
    if (line !== undefined && y - line.y < sameBaseline) line.pieces.push(piece);
    else lines.push({ page: number, y, pieces: [piece] });
  }
  for (const line of lines) line.pieces.sort((a, b) => a.left - b.left);
  return lines;
}

/** Points: scripts side by side may sit a hair apart, lines are some ten apart. */
const sameBaseline = 1.5;

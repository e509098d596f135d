import { getDocument, type PDFDocumentProxy, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { bare, type Line, linesOf, type PlacedPiece, type ReadPdf } from './pdf-lines.ts';

/**
 * Reads a PDF as others do: pdf.js, which knows nothing of how ours are written and takes ten times as long as
 * `pdf-read.ts`. Throws where the bytes are no PDF, or where the password is not the right one.
 */
export async function readPdfAgain(bytes: Uint8Array, password?: string): Promise<ReadPdf> {
  // The bytes are copied: pdf.js takes over what it is given.
  const task = getDocument({
    data: new Uint8Array(bytes),
    useSystemFonts: false,
    verbosity: 0,
    ...(password === undefined ? {} : { password }),
  });
  try {
    const pdf = await task.promise;
    const { info } = await pdf.getMetadata();
    const lines: Line[] = [];
    for (let page = 1; page <= pdf.numPages; page++) lines.push(...(await readPage(pdf, page)));
    return { pages: pdf.numPages, title: String('Title' in info ? info.Title : ''), lines };
  } finally {
    await task.destroy();
  }
}

async function readPage(pdf: PDFDocumentProxy, number: number): Promise<readonly Line[]> {
  const page = await pdf.getPage(number);
  const { height } = page.getViewport({ scale: 1 });
  // As written: the reader's own normal forms would hide a letter that is not the one of the source.
  const content = await page.getTextContent({ includeMarkedContent: true, disableNormalization: true });
  page.cleanup();
  return linesOf(number, height, piecesOf(content.items));
}

type Item = Awaited<ReturnType<PDFPageProxy['getTextContent']>>['items'][number];

/** Joins what stands in one span: a word of a shaped script, whose marks are set one by one around its letters. */
function piecesOf(items: readonly Item[]): readonly PlacedPiece[] {
  const pieces: { baseline: number; text: string; left: number; right: number }[] = [];
  let span: (typeof pieces)[number] | undefined;
  let inSpan = false;
  for (const item of items) {
    if (!('str' in item)) {
      inSpan = item.type !== 'endMarkedContent';
      span = undefined;
      continue;
    }
    const text = bare(item.str);
    if (text === '') continue;
    const [, , , , left = 0, baseline = 0] = item.transform;
    const right = left + item.width;
    if (span === undefined) {
      const found = { baseline, text, left, right };
      pieces.push(found);
      if (inSpan) span = found;
      continue;
    }
    span.text += text;
    span.left = Math.min(span.left, left);
    span.right = Math.max(span.right, right);
  }
  return pieces;
}

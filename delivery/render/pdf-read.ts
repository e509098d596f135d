import { openPdfFile } from './pdf-file.ts';
import { bare, type Line, linesOf, type ReadPdf } from './pdf-lines.ts';
import { fontOpener, readPage, type Shown } from './pdf-page-read.ts';

/** A PDF read by ourselves: besides its lines what was drawn, sign by sign. */
export interface DrawnPdf extends ReadPdf {
  readonly shown: readonly Shown[];
}

/**
 * Reads the text of a PDF with its places, page by page from top to bottom: objects, pages and fonts as the file has them,
 * nothing from whoever wrote it. Throws where the bytes are no PDF, or one that is written in another way than ours.
 */
export function readPdf(bytes: Uint8Array, password?: string): DrawnPdf {
  const { root, info } = openPdfFile(bytes, password);
  const fontOf = fontOpener();
  const pages = root.get('Pages').get('Kids').list();
  const lines: Line[] = [];
  const all: Shown[] = [];
  for (const [at, page] of pages.entries()) {
    const shown = readPage(page, fontOf);
    const [, , , height] = page.get('MediaBox').list();
    const pieces = shown.flatMap(({ text, left, right, baseline }) => {
      const words = bare(text);
      return words === '' ? [] : [{ text: words, left, right, baseline }];
    });
    lines.push(...linesOf(at + 1, height?.number() ?? 0, pieces));
    all.push(...shown);
  }
  return { pages: pages.length, title: decoded(info.get('Title').text()), lines, shown: all };
}

/** A text string: ISO 32000-1, 7.9.2.2. */
function decoded(text: string): string {
  if (!text.startsWith('\xfe\xff')) return text;
  return Buffer.from(text, 'latin1').swap16().toString('utf16le').slice(1);
}

import { type DocumentFont, openDocumentFont, raisedFor } from './pdf-font.ts';
import { drawLine } from './pdf-line.ts';
import { wordsOf } from './pdf-words.ts';
import { documentClass, type PdfmakeDocument, pagesClass, type TextLine, wordsClass } from './pdfmake.ts';

let taken = false;

/**
 * Makes pdfmake set type our way: fonts read once a process and shaped by HarfBuzz, words measured once, lines written so
 * that their text can be read back sign by sign. Once a process is enough, and more do no harm.
 */
export function setTypeOurselves(): void {
  if (taken) return;
  taken = true;
  documentClass.prototype.provideFont = function provideFont(family, bold) {
    return fontOf(this, family, bold);
  };
  // SVG asks by path.
  documentClass.prototype.font = function font(path) {
    this._font = openOnce(this, path);
    return this;
  };
  const { addContent } = documentClass.prototype;
  let size = 0;
  documentClass.prototype.addContent = function add(operators) {
    if (operators.endsWith(' Tf')) size = Number(operators.split(' ').at(-2));
    return addContent.call(this, operators.startsWith('[') ? raisedFor(operators, size) : operators);
  };
  wordsClass.prototype.buildInlines = function buildInlines(text, styles) {
    return wordsOf(text, styles, (family, bold) => fontOf(this.pdfDocument, family, bold));
  };
  const entered = new WeakSet<object>();
  pagesClass.prototype.renderLine = function renderLine(line, x, y) {
    const { _outline: entry } = line;
    // A header that is repeated on each page has one entry in the outline, for where it stands first.
    if (entry !== undefined && !entered.has(entry)) {
      entered.add(entry);
      this.pdfDocument.outline.addItem(entry.text);
    }
    drawLine(this.pdfDocument, line as TextLine<DocumentFont>, x, y);
  };
}

/** The document's font of a family. */
function fontOf(document: PdfmakeDocument, family: string, bold: boolean): DocumentFont {
  const path = document.fonts[family]?.[bold ? 'bold' : 'normal'];
  if (path === undefined) throw new Error(`there is no font ${family}`);
  return openOnce(document, path);
}

function openOnce(document: PdfmakeDocument, path: string): DocumentFont {
  const fonts = document._fontFamilies as Record<string, DocumentFont>;
  fonts[path] ??= openDocumentFont(document, path, `F${Object.keys(fonts).length + 1}`);
  return fonts[path];
}

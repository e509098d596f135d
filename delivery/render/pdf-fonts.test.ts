import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';

const require = createRequire(import.meta.url);
const hash = (code: unknown) => createHash('sha256').update(String(code)).digest('hex').slice(0, 12);

// Fonts are shared by reaching into these. When one of them changes, read it beside pdf-fonts.ts, run the whole tests of
// render/, and only then write its new hash here.
test('what is used of pdfmake and pdfkit is what it was', () => {
  expect(require('pdfmake/package.json').version).toBe('0.3.11');
  expect(require('pdfkit/package.json').version).toBe('0.19.1');
  const PdfmakeDocument = require('pdfmake/js/PDFDocument.js').default;
  const document = new PdfmakeDocument();
  const path = require.resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf');
  const font = document.font(path)._font;
  const Embedded = font.constructor;
  expect(Embedded.name).toBe('EmbeddedFont');
  expect(Object.keys(font)).toEqual(expect.arrayContaining(['document', 'id', 'subset', 'unicode', 'widths']));
  expect({
    constructor: hash(Embedded),
    fragment: hash(Object.getPrototypeOf(PdfmakeDocument.prototype)._fragment),
    addContent: hash(Object.getPrototypeOf(PdfmakeDocument.prototype).addContent),
  }).toEqual({ constructor: 'fb71a21aabb8', fragment: '3582fda36bf1', addContent: '3f6fb381b1ca' });
});

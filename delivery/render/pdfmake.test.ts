import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';

const require = createRequire(import.meta.url);
const hash = (code: unknown) => createHash('sha256').update(String(code)).digest('hex').slice(0, 12);

// Type is set by taking the place of these. When one of them changes, read it beside pdfmake.ts and what uses that, run the
// whole tests of render/, and only then write its new hash here.
test('what is used of pdfmake and pdfkit is what it was', () => {
  expect(require('pdfmake/package.json').version).toBe('0.3.11');
  expect(require('pdfkit/package.json').version).toBe('0.19.1');
  const prototype = (file: string) => require(`pdfmake/js/${file}.js`).default.prototype;
  const pdfkit = Object.getPrototypeOf(prototype('PDFDocument'));
  expect({
    words: hash(prototype('TextInlines').measure),
    breaks: hash(prototype('TextBreaker').getBreaks),
    lines: hash(prototype('LayoutBuilder').buildNextLine),
    leaf: hash(prototype('LayoutBuilder').processLeaf),
    styles: hash(prototype('StyleContextStack').getProperty),
    svg: hash(prototype('Renderer').renderSVG),
    fonts: hash(pdfkit.initFonts),
    end: hash(pdfkit.end),
    content: hash(pdfkit.addContent),
    object: hash(pdfkit.ref),
  }).toEqual({
    words: 'cb17af19531a',
    breaks: '24265b010e00',
    lines: 'f9a0444e3740',
    leaf: 'dfa7bf597feb',
    styles: '1f44d5be2de5',
    svg: '117c94b48793',
    fonts: 'b6adc8ebd124',
    end: 'a867c0c56a0a',
    content: '3f6fb381b1ca',
    object: '0266979fe5ef',
  });
});

import type { Document } from '../compose/document.ts';
import type { Format } from '../report/schema.ts';
import { type BrowserOptions, openBrowser } from './browser.ts';
import { openCsv } from './csv.ts';
import { openHtml } from './html.ts';
import { openJson } from './json.ts';
import { openPdf } from './pdf.ts';
import { openPng } from './png.ts';
import type { Rendered, RenderedFile, Renderers, Verdict } from './renderer.ts';
import { openXlsx } from './xlsx.ts';

/** What making a file came to. Only `made` may leave: its figures have been read back and are the document's. */
export type Making =
  | { readonly kind: 'made'; readonly file: RenderedFile }
  | Extract<Rendered, { kind: 'unavailable' }>
  | Extract<Verdict, { kind: 'wrong' }>;

/** All formats, and what they share: one browser, opened at the first picture. */
export interface RenderRoom extends AsyncDisposable {
  readonly renderers: Renderers;
  /** Renders and re-opens. Throws `Fault` failed where the document cannot be drawn. */
  make(format: Format, document: Document, signal: AbortSignal): Promise<Making>;
}

export function openRenderers(options: BrowserOptions = {}): RenderRoom {
  const browser = openBrowser(options);
  const renderers: Renderers = {
    html: openHtml(),
    pdf: openPdf(),
    xlsx: openXlsx(),
    png: openPng(browser),
    csv: openCsv(),
    json: openJson(),
  };
  return {
    renderers,
    async make(format, document, signal) {
      const renderer = renderers[format];
      const rendered = await renderer.render(document, { signal });
      if (rendered.kind === 'unavailable') return rendered;
      const verdict = await renderer.verify(rendered.file, document);
      return verdict.kind === 'right' ? { kind: 'made', file: rendered.file } : verdict;
    },
    [Symbol.asyncDispose]: () => browser[Symbol.asyncDispose](),
  };
}

import type { Document } from '../compose/document.ts';
import type { Format } from '../report/schema.ts';
import { type BrowserOptions, openBrowser } from './browser.ts';
import { openCsv } from './csv.ts';
import { openHtml } from './html.ts';
import { openJson } from './json.ts';
import { type Making, makeWith } from './making.ts';
import { openPdf } from './pdf.ts';
import { openPdfThreads } from './pdf-threads.ts';
import { openPng } from './png.ts';
import type { Renderers } from './renderer.ts';
import { openXlsx } from './xlsx.ts';

/** All formats, and what they share: one browser, opened at the first picture, and threads for many PDFs. */
export interface RenderRoom extends AsyncDisposable {
  readonly renderers: Renderers;
  /** How many files are worth making side by side, where there are many. */
  readonly sideBySide: number;
  /**
   * Renders and re-opens. Throws `Fault` failed where the document cannot be drawn. `many`: it is one of many, for which
   * threads are worth their start.
   */
  make(format: Format, document: Document, signal: AbortSignal, many?: boolean): Promise<Making>;
}

export interface RenderOptions extends BrowserOptions {
  /** Threads for PDFs; one for each core when it is not said. */
  readonly threads?: number;
}

export function openRenderers(options: RenderOptions = {}): RenderRoom {
  const browser = openBrowser(options);
  const threads = openPdfThreads(options.threads);
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
    // Each thread has one in hand and finds the next one waiting.
    sideBySide: threads.count * 2,
    make: (format, document, signal, many = false) =>
      format === 'pdf' && many ? threads.make(document, signal) : makeWith(renderers[format], document, signal),
    async [Symbol.asyncDispose]() {
      await Promise.all([browser[Symbol.asyncDispose](), threads[Symbol.asyncDispose]()]);
    },
  };
}

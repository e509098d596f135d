import type { Problem } from '#engine';
import type { Document } from '../compose/document.ts';
import type { Format } from '../report/schema.ts';

/** A finished file. `extension` without the dot. */
export interface RenderedFile {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly extension: string;
}

/** `unavailable`: this machine lacks what the format needs (a browser); another may have it. */
export type Rendered =
  | { readonly kind: 'rendered'; readonly file: RenderedFile }
  | { readonly kind: 'unavailable'; readonly reason: string; readonly hint: string };

/** What re-opening a file found. `problems` name table, row and column; their `file` is the report's, with the extension. */
export type Verdict = { readonly kind: 'right' } | { readonly kind: 'wrong'; readonly problems: readonly Problem[] };

/** A way to draw a document. An adapter is one file that returns one of these. */
export interface Renderer {
  /** Throws `Fault` failed where the document cannot be drawn (a glyph that no font has), naming the cell. */
  render(document: Document, options: { readonly signal: AbortSignal }): Promise<Rendered>;
  /** Re-opens the bytes with a reader of the format and compares every figure with the document. */
  verify(file: RenderedFile, document: Document): Promise<Verdict>;
}

/** A new format does not compile until it is listed. */
export type Renderers = Readonly<Record<Format, Renderer>>;

/** Collects what a check finds; stops counting at a hundred, since one shifted column is wrong in every row. */
export function openFindings(document: Document, extension: string) {
  const problems: Problem[] = [];
  return {
    say(code: string, message: string): void {
      const file = `${document.report}.${extension}`;
      if (problems.length < 100) problems.push({ file, severity: 'error', code, message });
    },
    verdict: (): Verdict => (problems.length === 0 ? { kind: 'right' } : { kind: 'wrong', problems }),
  };
}

export type Findings = ReturnType<typeof openFindings>;

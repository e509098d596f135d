import type { Document } from '../compose/document.ts';
import type { Rendered, RenderedFile, Renderer, Verdict } from './renderer.ts';

/** What making a file came to. Only `made` may leave: its figures have been read back and are the document's. `wrong` has its file to be looked at. */
export type Making =
  | { readonly kind: 'made'; readonly file: RenderedFile }
  | Extract<Rendered, { kind: 'unavailable' }>
  | (Extract<Verdict, { kind: 'wrong' }> & { readonly file: RenderedFile });

/** Renders and re-opens. Throws `Fault` failed where the document cannot be drawn. */
export async function makeWith(renderer: Renderer, document: Document, signal: AbortSignal): Promise<Making> {
  const rendered = await renderer.render(document, { signal });
  if (rendered.kind === 'unavailable') return rendered;
  const verdict = await renderer.verify(rendered.file, document);
  return verdict.kind === 'right' ? { kind: 'made', file: rendered.file } : { ...verdict, file: rendered.file };
}

import { parentPort } from 'node:worker_threads';
import { Fault, type FaultCode, type Problem } from '#engine';
import type { Document } from '../compose/document.ts';
import { type Making, makeWith } from './making.ts';
import { openPdf } from './pdf.ts';

/** What a thread answers to a document; a fault comes as plain data, since threads lose what kind of error it was. */
export type Answer =
  | Making
  | {
      readonly kind: 'fault';
      readonly code: FaultCode;
      readonly message: string;
      readonly hint?: string;
      readonly problems: readonly Problem[];
    }
  | { readonly kind: 'error'; readonly error: unknown };

const pdf = openPdf();
const never = new AbortController().signal;

async function answer(document: Document): Promise<Answer> {
  try {
    return await makeWith(pdf, document, never);
  } catch (error) {
    if (!(error instanceof Fault)) return { kind: 'error', error };
    const { code, message, hint, problems } = error;
    return { kind: 'fault', code, message, problems, ...(hint === undefined ? {} : { hint }) };
  }
}

parentPort?.on('message', async (document: Document) => {
  const done = await answer(document);
  // The bytes are handed over, not copied.
  parentPort?.postMessage(done, 'file' in done ? [done.file.bytes.buffer as ArrayBuffer] : []);
});

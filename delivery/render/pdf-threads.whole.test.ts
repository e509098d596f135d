import { expect, test } from 'vitest';
import type { Document } from '../compose/document.ts';
import { madeUpDocument } from '../compose/made-up.ts';
import { openPdf } from './pdf.ts';
import { openPdfThreads } from './pdf-threads.ts';
import { openRenderers } from './renderers.ts';

const signal = new AbortController().signal;

const documents = (count: number): Promise<Document[]> =>
  Promise.all(Array.from({ length: count }, (_, seed) => madeUpDocument({ stores: 5, products: 5, seed })));

test('threads draw the bytes that are drawn without them', async () => {
  await using threads = openPdfThreads(2);
  const some = await documents(5);
  const made = await Promise.all(some.map((document) => threads.make(document, signal)));
  for (const [at, making] of made.entries()) {
    const here = await openPdf().render(some[at] as Document, { signal });
    if (making.kind !== 'made' || here.kind !== 'rendered') throw new Error(JSON.stringify(making));
    expect(Buffer.compare(making.file.bytes, here.file.bytes)).toBe(0);
  }
});

test('what cannot be drawn comes back with its code and its cells, and the thread goes on', async () => {
  await using threads = openPdfThreads(1);
  const wrong = await madeUpDocument({ stores: 2, names: ['Party \u{1f600} Shop'] });
  const [right] = await documents(1);
  const [first, second] = await Promise.allSettled([
    threads.make(wrong, signal),
    threads.make(right as Document, signal),
  ]);
  expect(first).toMatchObject({
    reason: { name: 'Fault', code: 'failed', problems: [{ code: 'missing-glyph' }] },
  });
  expect(second).toMatchObject({ value: { kind: 'made' } });
});

test('a drawing that is given up ends with its thread; the others are drawn', async () => {
  await using threads = openPdfThreads(1);
  const long = await madeUpDocument({ stores: 3000 });
  const [short] = await documents(1);
  const [running, waiting] = [new AbortController(), new AbortController()];
  const made = [
    threads.make(long, running.signal),
    threads.make(short as Document, waiting.signal),
    threads.make(short as Document, signal),
  ];
  waiting.abort(new Error('no longer wanted'));
  running.abort(new Error('stop'));
  const settled = await Promise.allSettled(made);
  expect(settled.map((one) => (one.status === 'fulfilled' ? one.value.kind : one.reason.message))).toEqual([
    'stop',
    'no longer wanted',
    'made',
  ]);
});

test('what is still drawn when they are closed fails', async () => {
  const threads = openPdfThreads(1);
  const long = await madeUpDocument({ stores: 3000 });
  const [first, second] = [threads.make(long, signal), threads.make(long, signal)];
  const settled = Promise.allSettled([first, second]);
  await threads[Symbol.asyncDispose]();
  for (const one of await settled) expect(one).toMatchObject({ reason: { code: 'failed' } });
});

test('a room draws many at once, each right', async () => {
  await using room = openRenderers({ threads: 2 });
  expect(room.sideBySide).toBe(4);
  const some = await documents(6);
  const made = await Promise.all(some.map((document) => room.make('pdf', document, signal, true)));
  expect(made.map(({ kind }) => kind)).toEqual(Array(6).fill('made'));
});

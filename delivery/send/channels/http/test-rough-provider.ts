import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/*
 * What the stand-ins for phone providers have in common. Each follows its vendor's published contract, keeps what it took,
 * and behaves as providers do on their worst days; none of them is the provider.
 */

/** What a stand-in does with one message. Those that end in `-after` take it. */
export const manners = [
  'accept',
  'busy',
  'fail-before',
  'fail-after',
  'cut-before',
  'cut-after',
  'hang-before',
  'hang-after',
] as const;
export type Manner = (typeof manners)[number];

/** Where a message is when a test is told of it; `taken`: no answer has gone yet. */
export const steps = ['asked', 'taken', 'answered'] as const;
export type Step = (typeof steps)[number];

export interface Roughness {
  readonly manner?: () => Manner;
  /** Called at each step of each message, before the stand-in goes on. */
  readonly at?: (step: Step) => void;
}

/** What becomes of a message that was taken: the last that its recipient's phone or the provider says. */
export type Fate =
  | { readonly kind: 'read' | 'delivered' | 'silent' }
  /** It was taken, and then reported as failed. */
  | { readonly kind: 'failed'; readonly code: number }
  /** It is not even taken. */
  | { readonly kind: 'refused'; readonly code: number };

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RoughProvider extends AsyncDisposable {
  readonly url: string;
  readonly counts: ReadonlyMap<Manner, number>;
}

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** An answer at once; or a message that may be taken, with what is answered when it is, and when the provider is not well. */
export type Handled =
  | Answer
  | { readonly take: () => Answer; readonly busy: Answer; readonly failed: (taken: boolean) => Answer };

/** A server on the loopback interface that treats messages as roughly as it is told, and everything else well. */
export async function roughProvider(
  handle: (asked: Asked) => Handled,
  { manner = () => 'accept', at = () => {} }: Roughness,
): Promise<RoughProvider> {
  const counts = new Map<Manner, number>();
  const treat = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', headers } = request;
    const url = new URL(request.url ?? '/', 'http://localhost');
    const handled = handle({ method, url, headers, body: Buffer.concat(chunks) });
    if ('status' in handled) return give(response, handled);
    at('asked');
    const how = manner();
    counts.set(how, (counts.get(how) ?? 0) + 1);
    if (how === 'cut-before') return request.socket.destroy();
    if (how === 'hang-before') return;
    if (how === 'busy') return give(response, handled.busy);
    if (how === 'fail-before') return give(response, handled.failed(false));
    const taken = handled.take();
    at('taken');
    if (how === 'cut-after') return request.socket.destroy();
    if (how === 'hang-after') return;
    give(response, how === 'fail-after' ? handled.failed(true) : taken);
    at('answered');
  };
  const server = createServer((request, response) => {
    // A sender that was killed in the middle of its request.
    treat(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    [Symbol.asyncDispose]: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function give(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

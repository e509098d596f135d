import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf } from '#engine';
import type { WebhookAnswer } from '../confirm/hear.ts';
import type { FileStore } from '../files/file-store.ts';
import { readLink } from '../files/signed-link.ts';
import type { WebhookRequest } from '../send/channel.ts';

export interface PublicTools {
  readonly secret: string;
  readonly files: Pick<FileStore, 'read'>;
  /** Ends the writing to the address that a part went to; false when there is no such part. */
  readonly unsubscribe: (reference: string) => Promise<boolean>;
  /** Hands a provider's request to a lane; undefined where no lane of that name hears any. */
  readonly hear: (lane: string, request: WebhookRequest) => Promise<WebhookAnswer | undefined>;
  readonly now: () => Date;
  readonly log: { readonly error: (facts: Readonly<Record<string, unknown>>, message: string) => void };
}

/** The listener that the world may reach, and nothing else with it. */
export interface PublicListener extends AsyncDisposable {
  readonly port: number;
}

/** Bytes of a request's body that are read before the line is cut. */
const longestBody = 4_096;
/** Likewise of a webhook's: Meta sends up to 3 MB at once. */
const longestNews = 3 * 1024 * 1024;

/**
 * Serves what signed links stand for: `GET /f/...` a file, `GET /u/...` a page with a button, `POST /u/...` the end of
 * the writing (RFC 8058). Mail scanners open links, so a GET never acts. `/w/<lane>` is what providers tell us. Meant to
 * stand behind a proxy that speaks TLS. URLs are not logged: whoever has one can use it.
 */
export async function openPublic(listen: { host: string; port: number }, tools: PublicTools): Promise<PublicListener> {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 20_000, maxHeaderSize: 8_192 });
  server.maxRequestsPerSocket = 100;
  server.on('request', (request, response) => {
    serve(tools, request, response).catch((error) => {
      tools.log.error({ error: messageOf(error) }, 'a public request failed');
      if (response.headersSent) response.destroy();
      else answer(response, 500, 'Something went wrong here. Please try again later.');
    });
  });
  await new Promise<void>((up, failed) => {
    server.once('error', failed);
    server.listen(listen.port, listen.host, up);
  });
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function serve(tools: PublicTools, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, room, token = ''] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
  const link = room === 'u' || room === 'f' ? readLink(tools.secret, token, tools.now()) : undefined;
  if (room === 'w') return serveWebhook(tools, token, request, response);
  if ((await readBody(request, longestBody)) === undefined) return answer(response, 413, 'That is too much.');
  if (link?.kind === 'unsubscribe' && room === 'u') {
    if (request.method === 'GET') return answer(response, 200, askingPage);
    if (request.method !== 'POST') return answer(response, 405, 'Only GET and POST.');
    await tools.unsubscribe(link.reference);
    return answer(response, 200, 'Done. This address gets no more of these reports.');
  }
  if (link?.kind === 'file' && room === 'f') {
    if (request.method !== 'GET') return answer(response, 405, 'Only GET.');
    const bytes = await tools.files.read(link.sha256);
    response.writeHead(200, {
      ...always,
      'content-type': link.mediaType,
      'content-length': bytes.byteLength,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(link.name)}`,
    });
    response.end(bytes);
    return;
  }
  answer(response, 404, 'This link is not valid any more.');
}

const always = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const askingPage = '<form method="post"><p>End these reports for your address?</p><button>End them</button></form>';

function answer(response: ServerResponse, status: number, text: string): void {
  const body = text.startsWith('<') ? text : `<p>${text}</p>`;
  response.writeHead(status, { ...always, 'content-type': 'text/html; charset=utf-8' });
  response.end(`<!doctype html><meta name="viewport" content="width=device-width"><title>Reports</title>${body}\n`);
}

/** Hands a provider's request to its lane, and its answer back as plain text. */
async function serveWebhook(
  tools: PublicTools,
  lane: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request, longestNews);
  if (body === undefined) return answer(response, 413, 'That is too much.');
  const { method = '', url = '', headers } = request;
  const at = url.indexOf('?');
  const heard = await tools.hear(lane, { method, search: at < 0 ? '' : url.slice(at), headers, body });
  if (heard === undefined) return answer(response, 404, 'Nobody listens here.');
  response.writeHead(heard.status, { ...always, 'content-type': 'text/plain; charset=utf-8' });
  response.end(heard.text);
}

/** A request's whole body; undefined when it is longer than `longest` bytes. */
async function readBody(request: IncomingMessage, longest: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).byteLength;
    if (length > longest) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

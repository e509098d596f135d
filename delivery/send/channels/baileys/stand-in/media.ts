import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether a certificate can be made here. */
export const hasOpenssl = await run('openssl', ['version']).then(
  () => true,
  () => false,
);

/** Where files are put, encrypted, before a message names them. */
export interface Media extends AsyncDisposable {
  /** `localhost:port`. */
  readonly host: string;
  /** The file of the certificate that clients must trust. */
  readonly certificate: string;
  /** What was put under a path. */
  read(path: string): Buffer | undefined;
  /** How many files were put. */
  count(): number;
}

export async function openMedia(): Promise<Media> {
  const folder = await mkdtemp(join(tmpdir(), 'tiffin-media-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-days', '2'];
  await run('openssl', ['req', '-x509', ...made, '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']);
  const kept = new Map<string, Buffer>();
  const server = createServer(
    { key: await readFile(key), cert: await readFile(certificate) },
    async (request, answer) => {
      const path = new URL(request.url ?? '/', 'https://localhost').pathname;
      kept.set(path, await buffer(request));
      answer.setHeader('content-type', 'application/json');
      answer.end(JSON.stringify({ url: `https://${host}${path}`, direct_path: path }));
    },
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  return {
    host,
    certificate,
    read: (path) => kept.get(path),
    count: () => kept.size,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await rm(folder, { recursive: true });
    },
  };
}

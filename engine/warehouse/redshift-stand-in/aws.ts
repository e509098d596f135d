import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Bucket } from './special.ts';

/** S3 and the two services that give logins, as far as we use them, on the loopback interface. */
export interface AwsStandIn extends AsyncDisposable {
  /** What `AWS_ENDPOINT_URL_...` says. */
  readonly url: string;
  /** The objects, as Redshift reaches them. */
  readonly bucket: Bucket;
  readonly objects: ReadonlyMap<string, Buffer>;
  /** Requests so far: `PUT /bucket/key`. */
  readonly asked: readonly string[];
}

/** Whom the services let in, and until when. */
export interface AwsStandInOptions {
  readonly accessKeyId: string;
  readonly login?: { readonly user: string; password(): string };
}

/** Opens the stand-in for AWS. It looks at the key's id, not at the signature. */
export async function openAwsStandIn({ accessKeyId, login }: AwsStandInOptions): Promise<AwsStandIn> {
  const objects = new Map<string, Buffer>();
  const asked: string[] = [];
  const answer = (request: IncomingMessage, body: Buffer): readonly [number, string | Buffer] => {
    const { method, url = '/', headers } = request;
    const signedBy = /Credential=([^/]+)\/\d{8}\/[\w-]+\/([\w-]+)\//.exec(headers.authorization ?? '');
    if (signedBy?.[1] !== accessKeyId) return [403, '<Error><Message>The key is not known.</Message></Error>'];
    asked.push(`${method} ${url}`);
    const service = signedBy[2];
    const expiration = new Date(Date.now() + 900_000);
    if (service === 'redshift-serverless' && login) {
      const found = { dbUser: login.user, dbPassword: login.password(), expiration: expiration.getTime() / 1_000 };
      return [200, JSON.stringify(found)];
    }
    if (service === 'redshift' && login) {
      return [
        200,
        `<R><DbUser>${login.user}</DbUser><DbPassword>${login.password()}</DbPassword><Expiration>${expiration.toISOString()}</Expiration></R>`,
      ];
    }
    if (service !== 's3') return [404, '<Error><Message>no such service</Message></Error>'];
    const key = `s3:/${url}`;
    if (method === 'PUT') objects.set(key, body);
    if (method === 'DELETE') objects.delete(key);
    const found = objects.get(key);
    return method === 'GET' && !found ? [404, ''] : [200, method === 'GET' && found ? found : ''];
  };
  const server = createServer(async (request, response) => {
    const [status, text] = answer(request, await buffer(request));
    response.writeHead(status, { 'content-length': Buffer.byteLength(text) }).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    objects,
    asked,
    bucket: {
      get: async (url) => objects.get(url),
      put: async (url, content) => void objects.set(url, content),
      list: async (prefix) => [...objects.keys()].filter((key) => key.startsWith(prefix)),
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

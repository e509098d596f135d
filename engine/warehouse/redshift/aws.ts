import { Readable } from 'node:stream';
import { z } from 'zod';
import { Fault } from '../../fault.ts';
import { type AwsKeys, type AwsRequest, signedHeaders } from './signature.ts';

/** Environment variables by name, as AWS's own tools read them. */
export type AwsEnvironment = Readonly<Record<string, string | undefined>>;

/** Speaks to AWS with the keys of the place where we run. */
export interface Aws {
  /** Signs and sends. Throws `Fault` unreachable, invalid where we may not, failed for every other refusal. */
  send(
    service: string,
    request: Omit<AwsRequest, 'url'> & { readonly url: string },
    signal?: AbortSignal,
  ): Promise<string>;
  /** Asks for an object and streams it; undefined where it is empty. Throws `Fault` as `send`. */
  read(service: string, url: string, signal?: AbortSignal): Promise<Readable | undefined>;
  /** Where a service is: the environment's `AWS_ENDPOINT_URL_<SERVICE>`, else AWS's own address. */
  endpoint(service: string, host: string): string;
}

const patience = 30_000;

/** Nothing is asked of anybody before the first request. */
export function openAws(environment: AwsEnvironment, region: string): Aws {
  let known: { readonly keys: AwsKeys; readonly until: number } | undefined;
  const keys = async (): Promise<AwsKeys> => {
    if (!known || known.until < Date.now()) known = await findKeys(environment);
    return known.keys;
  };
  const ask: Ask = async (service, { method, headers, body, url: text }, signal) => {
    const url = new URL(text);
    const request = { method, headers, body, url };
    const signed = signedHeaders(request, { service, region }, await keys(), new Date());
    const response = await fetch(url, {
      method,
      headers: signed,
      ...(body.length > 0 && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      signal,
      redirect: 'error',
    }).catch((cause: unknown) => {
      throw new Fault('unreachable', `AWS ${service} cannot be reached at ${url.host}`, { cause });
    });
    if (!response.ok) throw refusalOf(service, response.status, await response.text());
    return response;
  };
  return {
    endpoint: (service, host) =>
      environment[`AWS_ENDPOINT_URL_${service.toUpperCase().replaceAll('-', '_')}`] ?? `https://${host}`,
    async send(service, request, signal) {
      const limit = AbortSignal.timeout(signal ? 10 * patience : patience);
      try {
        const response = await ask(service, request, signal ? AbortSignal.any([signal, limit]) : limit);
        return await response.text();
      } catch (error) {
        signal?.throwIfAborted();
        throw error;
      }
    },
    async read(service, url, signal) {
      const limit = AbortSignal.timeout(10 * patience);
      const request = { method: 'GET', url, headers: {}, body: '' } as const;
      const response = await ask(service, request, signal ? AbortSignal.any([signal, limit]) : limit);
      if (response.headers.get('content-length') === '0' || !response.body) return undefined;
      return Readable.from(response.body, { objectMode: false });
    },
  };
}

type Ask = (service: string, request: Parameters<Aws['send']>[1], signal: AbortSignal) => Promise<Response>;

/** The answer names code and reason; it does not repeat what was signed. */
function refusalOf(service: string, status: number, answer: string): Fault {
  const reason = /<Message>([^<]*)|"message"\s*:\s*"([^"]*)"/i.exec(answer);
  const message = `AWS ${service} refuses (${status}): ${reason?.[1] ?? reason?.[2] ?? 'no reason given'}`;
  if (status === 403 || status === 401) return new Fault('invalid', message);
  return new Fault(status >= 500 || status === 429 ? 'unreachable' : 'failed', message);
}

const given = z.object({
  AccessKeyId: z.string(),
  SecretAccessKey: z.string(),
  Token: z.string(),
  Expiration: z.string(),
});

/** Keys: from the environment, from a container's role, or from a machine's role; the last two are renewed before they end. */
async function findKeys(environment: AwsEnvironment): Promise<{ readonly keys: AwsKeys; readonly until: number }> {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: session } = environment;
  if (id && secret) return { keys: { id, secret, ...(session && { session }) }, until: Number.POSITIVE_INFINITY };
  const relative = environment['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'];
  const full = relative ? `http://169.254.170.2${relative}` : environment['AWS_CONTAINER_CREDENTIALS_FULL_URI'];
  const token = environment['AWS_CONTAINER_AUTHORIZATION_TOKEN'];
  try {
    const answer = full ? await askLocal(full, token ? { authorization: token } : {}) : await ofMachine();
    const found = given.parse(JSON.parse(answer));
    return {
      keys: { id: found.AccessKeyId, secret: found.SecretAccessKey, session: found.Token },
      until: Date.parse(found.Expiration) - 5 * 60_000,
    };
  } catch (cause) {
    throw new Fault('invalid', 'There are no AWS keys here.', {
      hint: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where a role is given.',
      cause,
    });
  }
}

/** The role of an EC2 machine, by its metadata service, second version. */
async function ofMachine(): Promise<string> {
  const service = 'http://169.254.169.254/latest';
  const token = await askLocal(`${service}/api/token`, { 'x-aws-ec2-metadata-token-ttl-seconds': '300' }, 'PUT');
  const headers = { 'x-aws-ec2-metadata-token': token };
  const role = await askLocal(`${service}/meta-data/iam/security-credentials/`, headers);
  return askLocal(`${service}/meta-data/iam/security-credentials/${role.trim()}`, headers);
}

async function askLocal(url: string, headers: Record<string, string>, method = 'GET'): Promise<string> {
  const response = await fetch(url, { method, headers, signal: AbortSignal.timeout(2_000), redirect: 'error' });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.text();
}

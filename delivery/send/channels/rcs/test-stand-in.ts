import { createHmac, createVerify, generateKeyPairSync } from 'node:crypto';
import { openNews } from '../http/test-news.ts';
import {
  type Answer,
  type Asked,
  type Fate,
  type Handled,
  type Roughness,
  roughProvider,
} from '../http/test-rough-provider.ts';

/** A message that the stand-in took: under each name once. */
export interface TakenByRcs {
  readonly messageId: string;
  readonly to: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface RcsStandIn extends AsyncDisposable {
  readonly url: string;
  readonly taken: readonly TakenByRcs[];
  /** How often a message came under a name that was taken before, and was ignored. */
  readonly ignored: number;
  readonly counts: ReadonlyMap<string, number>;
  readonly news: ReturnType<typeof openNews>;
  /** The text of a service account's key file that this stand-in knows. */
  readonly credentials: string;
  /** Signs and tells an event of a test's own. */
  tell(event: object): void;
}

export interface RcsManners extends Roughness {
  readonly agent: string;
  readonly clientToken: string;
  readonly webhook: string;
  readonly random: () => number;
  /** `failed` is what the platform took back when its time was over; `refused` with 404 a phone without RCS. */
  readonly fate?: (to: string) => Fate;
}

/** A stand-in for RCS Business Messaging, made after its published reference: tokens, messages by our names, events. */
export async function rcsStandIn(manners: RcsManners): Promise<RcsStandIn> {
  const { agent, clientToken, webhook, random, fate = () => ({ kind: 'read' }) } = manners;
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const taken = new Map<string, TakenByRcs>();
  const tokens = new Set<string>();
  const news = openNews(random, true);
  let ignored = 0;
  const signed = (event: object, by: string) => {
    const data = Buffer.from(JSON.stringify({ agentId: agent, ...event }));
    const body = JSON.stringify({ message: { data: data.toString('base64'), publishTime: new Date().toISOString() } });
    const signature = createHmac('sha512', by).update(data).digest('base64');
    return { url: webhook, headers: { 'content-type': 'application/json', 'x-goog-signature': signature }, body };
  };

  function tellFate({ messageId, to }: TakenByRcs): void {
    const end = fate(to);
    const event = (eventType: string) => ({
      eventType,
      messageId,
      senderPhoneNumber: to,
      eventId: `${eventType}-${messageId}`,
    });
    const revoked = { ...event('TTL_EXPIRATION_REVOKED'), sendTime: new Date().toISOString() };
    if (end.kind === 'failed') {
      news.tell(signed(revoked, clientToken));
      return;
    }
    if (end.kind === 'silent') return;
    news.tell(signed(event('DELIVERED'), clientToken), signed(revoked, 'a guess'));
    if (end.kind === 'read') news.tell(signed(event('READ'), clientToken));
  }

  function grant(form: URLSearchParams): Answer {
    const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
    const right = createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(publicKey, signature, 'base64url');
    if (!right) return failure(400, 'invalid_grant');
    const token = `token-${tokens.size + 1}`;
    tokens.add(token);
    return { status: 200, body: { access_token: token, expires_in: 3600, token_type: 'Bearer' } };
  }

  function handle({ method, url, headers, body }: Asked): Handled {
    if (url.pathname === '/token') return grant(new URLSearchParams(body.toString('utf8')));
    if (!tokens.has((headers.authorization ?? '').replace('Bearer ', ''))) return failure(401, 'UNAUTHENTICATED');
    const to = decodeURIComponent(/^\/v1\/phones\/([^/]+)\/agentMessages$/.exec(url.pathname)?.[1] ?? '');
    const messageId = url.searchParams.get('messageId') ?? '';
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(messageId);
    if (method !== 'POST' || !to || !uuid) return failure(400, 'INVALID_ARGUMENT');
    if (url.searchParams.get('agentId') !== agent) return failure(403, 'PERMISSION_DENIED');
    const end = fate(to);
    if (end.kind === 'refused') return failure(end.code, 'NOT_FOUND');
    const message = JSON.parse(body.toString('utf8'));
    if (!message.contentMessage) return failure(400, 'INVALID_ARGUMENT');
    return {
      take() {
        if (taken.has(messageId)) ignored += 1;
        else {
          const kept = { messageId, to, body: message };
          taken.set(messageId, kept);
          tellFate(kept);
        }
        return { status: 200, body: { name: `phones/${to}/agentMessages/${messageId}` } };
      },
      busy: { ...failure(429, 'RESOURCE_EXHAUSTED'), headers: { 'retry-after': '1' } },
      failed: () => failure(503, 'UNAVAILABLE'),
    };
  }

  const server = await roughProvider(handle, manners);
  return {
    url: server.url,
    counts: server.counts,
    news,
    get taken() {
      return [...taken.values()];
    },
    get ignored() {
      return ignored;
    },
    credentials: JSON.stringify({
      type: 'service_account',
      client_email: 'reports@example.iam.gserviceaccount.com',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      token_uri: `${server.url}/token`,
    }),
    tell: (event) => news.tell(signed(event, clientToken)),
    async [Symbol.asyncDispose]() {
      await news[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

function failure(status: number, word: string): Answer {
  return { status, body: { error: { code: status, message: word, status: word } } };
}

import { createHmac, randomUUID } from 'node:crypto';
import { openNews } from '../http/test-news.ts';
import {
  type Answer,
  type Asked,
  type Fate,
  type Handled,
  type Roughness,
  roughProvider,
} from '../http/test-rough-provider.ts';

/** A message that the stand-in took. */
export interface TakenByCloud {
  readonly id: string;
  readonly to: string;
  readonly reference: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface CloudStandIn extends AsyncDisposable {
  readonly url: string;
  readonly taken: readonly TakenByCloud[];
  /** Bytes of uploaded files by the id they were given. */
  readonly media: ReadonlyMap<string, number>;
  readonly counts: ReadonlyMap<string, number>;
  readonly news: ReturnType<typeof openNews>;
  /** Signs and tells a payload of a test's own. */
  tell(value: object): void;
}

export interface CloudManners extends Roughness {
  readonly token: string;
  readonly appSecret: string;
  readonly phoneNumberId: string;
  readonly webhook: string;
  readonly random: () => number;
  readonly fate?: (to: string) => Fate;
}

/** A stand-in for Meta's WhatsApp Cloud API, made after its published reference: media, messages, statuses. */
export async function cloudStandIn(manners: CloudManners): Promise<CloudStandIn> {
  const { token, appSecret, phoneNumberId, webhook, random, fate = () => ({ kind: 'read' }) } = manners;
  const taken: TakenByCloud[] = [];
  const media = new Map<string, number>();
  const news = openNews(random, true);
  const signed = (value: object, secret: string) => {
    const change = {
      field: 'messages',
      value: { messaging_product: 'whatsapp', metadata: { phone_number_id: phoneNumberId }, ...value },
    };
    const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '1', changes: [change] }] });
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    return {
      url: webhook,
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
      body,
    };
  };

  function tellFate({ id, to, reference }: TakenByCloud): void {
    const at = Math.floor(Date.now() / 1000);
    const end = fate(to);
    const status = (word: string, after: number, more: object = {}) => {
      const told = {
        id,
        status: word,
        timestamp: String(at + after),
        recipient_id: to,
        biz_opaque_callback_data: reference,
      };
      return { statuses: [{ ...told, ...more }] };
    };
    if (end.kind === 'silent') return;
    const failed = (code: number) => status('failed', 3, { errors: [{ code, title: 'failed' }] });
    // Somebody who has no secret says that it failed.
    news.tell(signed(status('sent', 1), appSecret), signed(failed(131026), 'a guess'));
    if (end.kind === 'failed') {
      news.tell(signed(failed(end.code), appSecret));
      return;
    }
    news.tell(signed(status('delivered', 2), appSecret));
    if (end.kind === 'read') news.tell(signed(status('read', 3), appSecret));
  }

  function take(body: Readonly<Record<string, unknown>>): Answer {
    const id = `wamid.${randomUUID()}`;
    const to = String(body['to']);
    const message = { id, to, reference: String(body['biz_opaque_callback_data']), body };
    taken.push(message);
    tellFate(message);
    return {
      status: 200,
      body: { messaging_product: 'whatsapp', contacts: [{ input: to, wa_id: to }], messages: [{ id }] },
    };
  }

  function handle({ method, url, headers, body }: Asked): Handled {
    if (headers.authorization !== `Bearer ${token}`) return failure(401, 190, 'Access token has expired');
    const [, version, number, edge] = url.pathname.split('/');
    if (method !== 'POST' || !/^v\d+\.\d+$/.test(version ?? '') || number !== phoneNumberId) {
      return failure(400, 100, 'Unsupported request');
    }
    if (edge === 'media') {
      const id = String(media.size + 1);
      media.set(id, body.byteLength);
      return { status: 200, body: { id } };
    }
    const message = JSON.parse(body.toString('utf8'));
    const wrong = wrongWith(message, media);
    if (wrong !== undefined) return failure(400, ...wrong);
    const end = fate(String(message['to']));
    if (end.kind === 'refused') return failure(400, end.code, 'Message undeliverable');
    return {
      take: () => take(message),
      busy: { ...failure(429, 130429, 'Rate limit hit'), headers: { 'retry-after': '1' } },
      failed: (kept) =>
        kept || random() < 0.5
          ? failure(500, 131000, 'Something went wrong')
          : failure(503, 131016, 'Service unavailable'),
    };
  }

  const server = await roughProvider(handle, manners);
  return {
    url: server.url,
    counts: server.counts,
    taken,
    media,
    news,
    tell: (value) => news.tell(signed(value, appSecret)),
    async [Symbol.asyncDispose]() {
      await news[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Code and words for a message that Meta would refuse; undefined for one that it takes. */
function wrongWith(message: Record<string, unknown>, media: ReadonlyMap<string, number>): [number, string] | undefined {
  const type = String(message['type']);
  if (message['messaging_product'] !== 'whatsapp' || !message['to'] || !message[type])
    return [100, 'Invalid parameter'];
  const said = JSON.stringify(message[type]);
  const id = /"(?:image|document)"/.test(JSON.stringify(message)) ? /"id":"([^"]*)"/.exec(said)?.[1] : undefined;
  if (id !== undefined && !media.has(id)) return [131052, 'Media not found'];
  if (type === 'template' && !said.includes('"language":{"policy":"deterministic","code":"'))
    return [132001, 'No template'];
  return undefined;
}

function failure(status: number, code: number, message: string): Answer {
  return {
    status,
    body: { error: { message: `(#${code}) ${message}`, type: 'OAuthException', code, fbtrace_id: 'x' } },
  };
}

import { randomBytes } from 'node:crypto';
import { openNews } from '../http/test-news.ts';
import {
  type Answer,
  type Asked,
  type Fate,
  type Handled,
  type Roughness,
  roughProvider,
} from '../http/test-rough-provider.ts';
import { twilioSignature } from './reports.ts';

/** A message that the stand-in took, as it lists it. */
export interface TakenByTwilio {
  readonly sid: string;
  readonly to: string;
  readonly body: string;
  readonly form: URLSearchParams;
}

export interface TwilioStandIn extends AsyncDisposable {
  readonly url: string;
  readonly taken: readonly TakenByTwilio[];
  readonly counts: ReadonlyMap<string, number>;
  readonly news: ReturnType<typeof openNews>;
  /** How often its list was asked for. */
  readonly lists: number;
  /** Signs and tells a form of a test's own to an URL. */
  tell(url: string, form: Readonly<Record<string, string>>): void;
}

export interface TwilioManners extends Roughness {
  readonly account: string;
  readonly token: string;
  readonly random: () => number;
  readonly fate?: (to: string) => Fate;
}

interface Listed extends TakenByTwilio {
  status: string;
  code: number | null;
  readonly at: Date;
}

/** A stand-in for Twilio's Messages resource, made after its published reference: create, list, status callbacks, told once. */
export async function twilioStandIn(manners: TwilioManners): Promise<TwilioStandIn> {
  const { account, token, random, fate = () => ({ kind: 'delivered' }) } = manners;
  const taken: Listed[] = [];
  const news = openNews(random, false);
  let lists = 0;
  const signed = (url: string, form: URLSearchParams, by: string) => ({
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': twilioSignature(by, url, form),
    },
    body: form.toString(),
  });

  function tellFate(message: Listed): void {
    const url = message.form.get('StatusCallback');
    const end = fate(message.to);
    const say = (status: string, code?: number, forged?: string) => {
      const about = (word: string, error?: number) =>
        new URLSearchParams({
          MessageSid: message.sid,
          MessageStatus: word,
          To: message.to,
          ...(error === undefined ? {} : { ErrorCode: String(error) }),
        });
      message.status = status;
      message.code = code ?? null;
      if (url)
        news.tell(
          signed(url, about(status, code), token),
          forged ? signed(url, about(forged, 30003), 'a guess') : undefined,
        );
    };
    if (end.kind === 'silent') return;
    say('sent', undefined, 'undelivered');
    if (end.kind === 'failed') say('undelivered', end.code);
    else say('delivered');
    if (end.kind === 'read') say('read');
  }

  function shown({ sid, to, body, status, code, at }: Listed) {
    const dates = { date_created: at.toUTCString(), date_updated: at.toUTCString(), date_sent: null };
    return { sid, to, body, status, error_code: code, direction: 'outbound-api', account_sid: account, ...dates };
  }

  function handle({ method, url, headers, body }: Asked): Handled {
    const login = `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`;
    if (headers.authorization !== login) return failure(401, 20003, 'Authenticate');
    if (url.pathname !== `/2010-04-01/Accounts/${account}/Messages.json`) return failure(404, 20404, 'Not found');
    if (method === 'GET') {
      lists += 1;
      const size = Number(url.searchParams.get('PageSize') ?? 50);
      const page = Number(url.searchParams.get('Page') ?? 0);
      const to = url.searchParams.get('To');
      const found = taken.filter((message) => to === null || message.to === to).reverse();
      const next = new URLSearchParams(url.searchParams);
      next.set('Page', String(page + 1));
      const more = found.length > (page + 1) * size;
      const messages = found.slice(page * size, (page + 1) * size).map(shown);
      return { status: 200, body: { messages, next_page_uri: more ? `${url.pathname}?${next}` : null } };
    }
    const form = new URLSearchParams(body.toString('utf8'));
    const [to, text] = [form.get('To') ?? '', form.get('Body') ?? ''];
    const said = text || form.get('ContentSid') || form.get('MediaUrl');
    if (!/^(whatsapp:|rcs:)?\+\d{7,15}$/.test(to)) return failure(400, 21211, "Invalid 'To' number");
    if (!said || !(form.get('From') ?? form.get('MessagingServiceSid')))
      return failure(400, 21602, 'A body is required');
    const end = fate(to);
    if (end.kind === 'refused') return failure(400, end.code, 'Refused');
    return {
      take() {
        const body = form.get('ContentVariables') ?? text;
        const message: Listed = {
          sid: `SM${randomBytes(16).toString('hex')}`,
          to,
          body,
          form,
          status: 'queued',
          code: null,
          at: new Date(),
        };
        taken.push(message);
        tellFate(message);
        return { status: 201, body: shown({ ...message, status: 'queued', code: null }) };
      },
      busy: { ...failure(429, 20429, 'Too Many Requests'), headers: { 'retry-after': '1' } },
      failed: () => failure(random() < 0.5 ? 500 : 503, 20500, 'Internal Server Error'),
    };
  }

  const server = await roughProvider(handle, manners);
  return {
    url: server.url,
    counts: server.counts,
    taken,
    news,
    get lists() {
      return lists;
    },
    tell: (url, form) => news.tell(signed(url, new URLSearchParams(form), token)),
    async [Symbol.asyncDispose]() {
      await news[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

function failure(status: number, code: number, message: string): Answer {
  return { status, body: { code, message, status, more_info: `https://www.twilio.com/docs/errors/${code}` } };
}

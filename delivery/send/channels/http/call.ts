/** How a call over HTTP ended. Only `answered` says anything of what the provider did. */
export type Called =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Headers;
      /** The body as JSON; undefined where it is none. */
      readonly body: unknown;
    }
  /** No connection came about: the provider surely heard nothing. */
  | { readonly kind: 'not-reached'; readonly reason: string }
  /** The line was lost, or nobody answered in time: it may have been heard. */
  | { readonly kind: 'lost'; readonly reason: string };

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams | FormData;
  /** Milliseconds until an answer counts as lost. */
  readonly timeout: number;
}

/** Who calls. Meta's description of its API asks for a name and a version of three numbers. */
const userAgent = 'tiffin/0.1.0';

/** Makes one call, never a second one: whether it may be repeated is not for the wire to decide. Follows no redirection. */
export async function callHttp(call: HttpCall, signal: AbortSignal): Promise<Called> {
  const { timeout, url, headers: given, ...init } = call;
  const stop = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
  try {
    const response = await fetch(url, {
      ...init,
      headers: { 'user-agent': userAgent, ...given },
      redirect: 'manual',
      signal: stop,
    });
    const { status, headers } = response;
    return { kind: 'answered', status, headers, body: parsed(await response.text()) };
  } catch (error) {
    const reason = codeOf(error) ?? (stop.aborted ? 'no answer in time' : 'the line was lost');
    return { kind: neverConnected.test(reason) ? 'not-reached' : 'lost', reason };
  }
}

/** Codes of errors that come before a byte of the request is written: no name, no route, nobody there, or not who it says. */
const neverConnected =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|ERR_TLS_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_)/;

function codeOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Bounds for what a server may ask us to wait, in milliseconds. */
const longestWait = 24 * 3_600_000;

/** When a `Retry-After` says to come again, by seconds or by date; undefined where it says nothing. */
export function retryAfter(headers: Headers, now: Date): Date | undefined {
  const text = headers.get('retry-after')?.trim() ?? '';
  const at = /^\d+$/.test(text) ? now.getTime() + Number(text) * 1000 : Date.parse(text);
  return Number.isNaN(at) || at <= now.getTime() ? undefined : new Date(Math.min(at, now.getTime() + longestWait));
}

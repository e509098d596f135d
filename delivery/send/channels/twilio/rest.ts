import { z } from 'zod';
import { withoutAddresses } from '../../without-addresses.ts';
import { type Called, callHttp } from '../http/call.ts';
import type { Refusal } from '../http/verdict.ts';

/** An account at Twilio, and how to be let in. */
export interface TwilioAccount {
  /** `https://api.twilio.com` */
  readonly url: string;
  readonly sid: string;
  readonly token: string;
  /** Milliseconds. */
  readonly timeout: number;
}

const error = z.object({ code: z.number(), message: z.string().optional() });
const made = z.object({ sid: z.string().min(1) });

/** A message as Twilio lists it. */
const listed = z.object({
  sid: z.string(),
  status: z.string(),
  body: z.string().nullish(),
  direction: z.string(),
  error_code: z.number().nullish(),
  /** RFC 2822 */
  date_created: z.string(),
  date_updated: z.string().nullish(),
});
export type ListedMessage = z.infer<typeof listed>;
const page = z.object({ messages: z.array(listed), next_page_uri: z.string().nullish() });

/** Twilio's own word on why something was not done. */
export function twilioRefusal(called: Called): Refusal {
  const read = called.kind === 'answered' ? error.safeParse(called.body) : undefined;
  return { code: read?.data?.code, text: withoutAddresses(read?.data?.message ?? '') };
}

/** The name of the message that an answer speaks of; undefined when it does not say that one was taken. */
export function madeSid(called: Called): string | undefined {
  return called.kind === 'answered' && called.status === 201 ? made.safeParse(called.body).data?.sid : undefined;
}

export function postMessage(account: TwilioAccount, form: URLSearchParams, signal: AbortSignal): Promise<Called> {
  return ask(account, { method: 'POST', url: messagesUrl(account), body: form }, signal);
}

/** Pages of a list that are read at most. */
const mostPages = 20;

/**
 * The account's messages by a filter, the newest first, page by page until `enough` or `mostPages`; `whole` when there is no
 * older one that was wanted. Throws when the list cannot be read: an empty one would tell that a message is not there.
 */
export async function listMessages(
  account: TwilioAccount,
  filter: Readonly<Record<string, string>>,
  enough: (page: readonly ListedMessage[]) => boolean,
  signal: AbortSignal,
): Promise<{ readonly messages: readonly ListedMessage[]; readonly whole: boolean }> {
  const messages: ListedMessage[] = [];
  let url = `${messagesUrl(account)}?${new URLSearchParams({ PageSize: '200', ...filter })}`;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const called = await ask(account, { method: 'GET', url }, signal);
    const read = called.kind === 'answered' && called.status === 200 ? page.safeParse(called.body) : undefined;
    if (!read?.success) {
      const what = called.kind === 'answered' ? `HTTP ${called.status}` : called.reason;
      throw new Error(`Twilio's list cannot be read: ${what}`);
    }
    messages.push(...read.data.messages);
    const next = read.data.next_page_uri;
    if (!next || enough(read.data.messages)) return { messages, whole: true };
    url = new URL(next, account.url).href;
  }
  return { messages, whole: false };
}

const messagesUrl = ({ url, sid }: TwilioAccount) => `${url}/2010-04-01/Accounts/${sid}/Messages.json`;

function ask(
  { sid, token, timeout }: TwilioAccount,
  call: { readonly method: 'GET' | 'POST'; readonly url: string; readonly body?: URLSearchParams },
  signal: AbortSignal,
): Promise<Called> {
  const authorization = `Basic ${Buffer.from(`${sid}:${token}`).toString('base64')}`;
  return callHttp({ ...call, headers: { authorization }, timeout }, signal);
}

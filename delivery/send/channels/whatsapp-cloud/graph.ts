import { z } from 'zod';
import type { MessageFile } from '../../../enqueue/message.ts';
import { withoutAddresses } from '../../without-addresses.ts';
import { type Called, callHttp } from '../http/call.ts';
import type { Refusal } from '../http/verdict.ts';

/** Where a business's number is in the Graph API, and how to be let in. */
export interface GraphNumber {
  /** `https://graph.facebook.com/v23.0/106540352242922` */
  readonly url: string;
  readonly token: string;
  /** Milliseconds. */
  readonly timeout: number;
}

const error = z.object({
  error: z.object({
    code: z.number(),
    message: z.string().optional(),
    error_data: z.object({ details: z.string().optional() }).optional(),
  }),
});
const sent = z.object({ messages: z.tuple([z.object({ id: z.string().min(1) })]) });
const uploaded = z.object({ id: z.string().min(1) });

/** Meta's own word on why something was not done. */
export function graphRefusal(called: Called): Refusal {
  const read = called.kind === 'answered' ? error.safeParse(called.body) : undefined;
  if (!read?.success) return { code: undefined, text: '' };
  const { code, message = '', error_data } = read.data.error;
  return { code, text: withoutAddresses(error_data?.details ?? message) };
}

/** The name of the message that an answer speaks of; undefined when it does not say that one was taken. */
export function acceptedId(called: Called): string | undefined {
  return called.kind === 'answered' && called.status === 200
    ? sent.safeParse(called.body).data?.messages[0].id
    : undefined;
}

export function postMessage(number: GraphNumber, body: object, signal: AbortSignal): Promise<Called> {
  return callHttp(
    {
      method: 'POST',
      url: `${number.url}/messages`,
      headers: { ...authorized(number), 'content-type': 'application/json' },
      body: JSON.stringify(body),
      timeout: number.timeout,
    },
    signal,
  );
}

/** A file at Meta, or why it is not there. Nobody sees an upload, so that it may be repeated. */
export async function uploadMedia(
  number: GraphNumber,
  { name, mediaType }: Pick<MessageFile, 'name' | 'mediaType'>,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<{ readonly id: string } | { readonly failed: Called }> {
  const form = new FormData();
  form.set('messaging_product', 'whatsapp');
  form.set('type', mediaType);
  form.set('file', new Blob([Buffer.from(bytes)], { type: mediaType }), name);
  const { timeout } = number;
  const url = `${number.url}/media`;
  const called = await callHttp({ method: 'POST', url, headers: authorized(number), body: form, timeout }, signal);
  const read = called.kind === 'answered' && called.status === 200 ? uploaded.safeParse(called.body) : undefined;
  return read?.success ? { id: read.data.id } : { failed: called };
}

const authorized = ({ token }: GraphNumber) => ({ authorization: `Bearer ${token}` });

import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { Fate, Manner, Step } from '../send/channels/http/test-rough-provider.ts';
import { referenceOfMessage } from '../send/channels/rcs/message.ts';
import { rcsStandIn } from '../send/channels/rcs/test-stand-in.ts';
import { twilioStandIn } from '../send/channels/twilio/test-stand-in.ts';
import { cloudStandIn } from '../send/channels/whatsapp-cloud/test-stand-in.ts';

/** A message that a stand-in took: by our reference or by its own name for it, whichever it has of us. */
export interface TakenMessage {
  readonly name: string;
  readonly to: string;
}

/** A provider's stand-in with what a project needs to send by it. */
export interface Phone extends AsyncDisposable {
  /** Lines under `delivery.channels`. */
  readonly channel: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whether the provider can be asked, so that nothing may stay unclear. */
  readonly canLook: boolean;
  taken(): TakenMessage[];
  readonly counts: ReadonlyMap<Manner, number>;
  readonly news: { readonly pending: number; readonly forgedAnswers: readonly number[]; drained(): Promise<void> };
}

export interface PhoneManners {
  readonly webhook: string;
  readonly random: () => number;
  readonly manner: () => Manner;
  readonly at: (step: Step) => void;
  readonly fate: (to: string) => Fate;
}

export const phones = ['whatsapp-cloud', 'twilio', 'rcs'] as const;
export type PhoneName = (typeof phones)[number];

/** Opens a provider's stand-in, as the lane `phone`. */
export async function openPhone(name: PhoneName, manners: PhoneManners): Promise<Phone> {
  if (name === 'whatsapp-cloud') {
    const known = { token: 'T', appSecret: 'S', phoneNumberId: '106' };
    const meta = await cloudStandIn({ ...known, ...manners });
    const keys =
      'phone_number_id: "106", token: env:PHONE_TOKEN, app_secret: env:PHONE_SECRET, verify_token: env:PHONE_VERIFY';
    return {
      channel: `    phone: { kind: whatsapp-cloud, ${keys}, url: "${meta.url}", timeout: 1s }\n`,
      env: { PHONE_TOKEN: 'T', PHONE_SECRET: 'S', PHONE_VERIFY: 'V' },
      canLook: false,
      taken: () => meta.taken.map(({ reference, to }) => ({ name: reference, to })),
      counts: meta.counts as ReadonlyMap<Manner, number>,
      news: meta.news,
      [Symbol.asyncDispose]: () => meta[Symbol.asyncDispose](),
    };
  }
  if (name === 'twilio') {
    const provider = await twilioStandIn({ account: 'AC1', token: 'T', ...manners });
    const keys = 'by: whatsapp, account: AC1, token: env:PHONE_TOKEN, from: "+15005550006"';
    return {
      channel: `    phone: { kind: twilio, ${keys}, url: "${provider.url}", timeout: 1s }\n`,
      env: { PHONE_TOKEN: 'T' },
      canLook: true,
      taken: () => provider.taken.map(({ body, to }) => ({ name: /\[(\w{12})\]$/.exec(body)?.[1] ?? '', to })),
      counts: provider.counts as ReadonlyMap<Manner, number>,
      news: provider.news,
      [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose](),
    };
  }
  const google = await rcsStandIn({ agent: 'shop', clientToken: 'C', ...manners });
  const keys = 'agent: shop, credentials: env:PHONE_KEY, webhook_token: env:PHONE_CLIENT';
  return {
    channel: `    phone: { kind: rcs, ${keys}, url: "${google.url}", timeout: 1s }\n`,
    env: { PHONE_KEY: google.credentials, PHONE_CLIENT: 'C' },
    canLook: true,
    taken: () => google.taken.map(({ messageId, to }) => ({ name: referenceOfMessage(messageId) ?? '', to })),
    counts: google.counts as ReadonlyMap<Manner, number>,
    news: google.news,
    [Symbol.asyncDispose]: () => google[Symbol.asyncDispose](),
  };
}

/** A port of the loopback interface on which nobody listens now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

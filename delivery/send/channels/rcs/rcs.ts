import { z } from 'zod';
import { resolveSetting } from '../../../config/secret.ts';
import { duration } from '../../../report/schema.ts';
import { millisecondsOf } from '../../../slot/duration.ts';
import { maxAttempts } from '../../after-attempt.ts';
import type { ChannelKind, SendOutcome } from '../../channel.ts';
import { withoutAddresses } from '../../without-addresses.ts';
import { type Called, callHttp } from '../http/call.ts';
import { millisecondsOfTimeout, plain, providerUrl, secret, timeout } from '../http/settings.ts';
import { outcomeOfCall, type Refusal } from '../http/verdict.ts';
import { rcsErrors } from './errors.ts';
import { rcsMessage, rcsMessageId } from './message.ts';
import { accessTokens, readServiceAccount } from './token.ts';
import { hearRcs } from './webhook.ts';

const settings = z.strictObject({
  agent: plain,
  /** The text of a service account's key file. */
  credentials: secret,
  /** The webhook's client token. */
  webhook_token: secret,
  /** What is not delivered by then is taken back by Google; once it says so, the ladder goes on. */
  ttl: duration.default('4h'),
  url: providerUrl.default('https://rcsbusinessmessaging.googleapis.com'),
  timeout,
});

/** Milliseconds before an unclear message is sent once more; doubled each time. */
const firstWait = 15_000;

/**
 * RCS Business Messaging of Google. A message has a name of ours and is taken once under it, so that one whose answer was
 * lost is simply sent again.
 */
export const rcs: ChannelKind<z.infer<typeof settings>> = {
  settings,
  address: 'phone',
  split: 'by-file',
  // https://developers.google.com/business-communications/rcs-business-messaging/guides/build/messages/send: 100 MB.
  fileLimit: () => 100_000_000,
  needsPublicUrl: () => true,
  parallel: 4,
  open(name, given, { links, env }) {
    const resolve = (key: 'agent' | 'credentials' | 'webhook_token' | 'url') =>
      resolveSetting(given[key], `channels.${name}.${key}`, env);
    const base = resolve('url').replace(/\/+$/, '');
    const agentId = resolve('agent');
    const clientToken = resolve('webhook_token');
    const milliseconds = millisecondsOfTimeout(given.timeout);
    const credentials = readServiceAccount(resolve('credentials'), `channels.${name}.credentials`);
    const token = accessTokens(credentials, milliseconds);
    const ttl = millisecondsOf(given.ttl) / 1000;

    return {
      async send(part, stillMine, signal) {
        const message = await rcsMessage(part, ttl, links);
        if (message.kind === 'misfit') return { kind: 'refused', reason: message.reason };
        const access = await token(signal);
        if ('failed' in access) return { kind: 'later', reason: `no access: ${wordOn(access.failed)}`, scope: 'lane' };
        if (!(await stillMine())) return { kind: 'later', reason: 'the lease was lost', scope: 'lane' };
        const messageId = rcsMessageId(part.key);
        const query = new URLSearchParams({ messageId, agentId });
        const called = await callHttp(
          {
            method: 'POST',
            url: `${base}/v1/phones/${encodeURIComponent(part.address)}/agentMessages?${query}`,
            headers: { authorization: `Bearer ${access.token}`, 'content-type': 'application/json' },
            body: JSON.stringify(message.body),
            timeout: milliseconds,
          },
          signal,
        );
        return outcomeOf(called, messageId, part.mayHaveGone === true);
      },

      async find(_part, { number, startedAt }) {
        if (number >= maxAttempts) return { kind: 'unknown', reason: 'sent again in vain: nobody can be asked' };
        const until = new Date(startedAt.getTime() + firstWait * 2 ** (number - 1));
        if (new Date() >= until) return { kind: 'repeat' };
        return { kind: 'unknown', reason: 'it will be sent again under the same name', until };
      },

      hear: (request, now) => hearRcs({ agent: agentId, clientToken }, request, now),

      [Symbol.asyncDispose]: async () => {},
    };
  },
};

/** 409 says that there is a message of this name already. What may have gone before is not refused by a refusal now. */
function outcomeOf(called: Called, messageId: string, mayHaveGone: boolean): SendOutcome {
  const taken = called.kind === 'answered' && (called.status === 200 || called.status === 409);
  if (taken) return { kind: 'accepted', providerId: messageId };
  const outcome = outcomeOfCall(called, refusalOf(called), rcsErrors, new Date());
  if (outcome.kind !== 'refused' || !mayHaveGone) return outcome;
  return { kind: 'unclear', reason: `${outcome.reason}; an earlier attempt may have gone` };
}

const error = z.object({ error: z.object({ message: z.string().optional() }) });

function refusalOf(called: Called): Refusal {
  if (called.kind !== 'answered') return { code: undefined, text: '' };
  return { code: called.status, text: withoutAddresses(error.safeParse(called.body).data?.error.message ?? '') };
}

const wordOn = (called: Called) => (called.kind === 'answered' ? `HTTP ${called.status}` : called.reason);

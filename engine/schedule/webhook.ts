import type { Environment } from '../config/config.ts';
import { messageOf } from '../fault.ts';
import type { Log } from '../log/log.ts';
import type { Outbox, UnsentNotice } from './port.ts';

const kind = 'webhook:env:';
/** A receiver that takes longer is tried again later. */
const patience = 10_000;

/**
 * Posts the notices to webhooks that nobody has had yet, as JSON `{kind, dag, at, message}`. At least once: the header
 * `Idempotency-Key` tells a repetition. What fails is tried again after 1, 2, 4 ... 60 minutes. Never throws for a receiver.
 */
export async function postWebhooks(store: Outbox, environment: Environment, now: number, log: Log): Promise<void> {
  for (const notice of await store.unsent(kind, now, 100)) {
    const wrong = await post(notice, environment[notice.to.slice(kind.length)]);
    if (wrong === undefined) await store.noteSent(notice.id, { kind: 'sent' });
    else {
      log.warn({ notice: notice.key, attempts: notice.attempts + 1, error: wrong }, 'a webhook was not taken');
      await store.noteSent(notice.id, { kind: 'later', at: now + Math.min(60, 2 ** notice.attempts) * 60_000 });
    }
  }
}

/** Returns what went wrong, without the URL: it is a secret. */
async function post(notice: UnsentNotice, url: string | undefined): Promise<string | undefined> {
  if (!url) return `${notice.to.slice('webhook:'.length)} is not set`;
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      headers: { 'content-type': 'application/json', 'idempotency-key': notice.key },
      body: JSON.stringify({
        kind: notice.kind,
        dag: notice.dag,
        at: new Date(notice.at).toISOString(),
        message: notice.message,
      }),
      signal: AbortSignal.timeout(patience),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `status ${response.status}`;
  } catch (error) {
    return messageOf(error).replaceAll(url, '[url]');
  }
}

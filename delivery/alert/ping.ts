import { messageOf } from '#engine';

/**
 * Tells a watcher outside this machine that the daemon is well: it raises the alarm when this stops. Returns what went
 * wrong, in words without the URL, which may hold a secret; undefined when it was told.
 */
export async function ping(url: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]) });
    await answer.body?.cancel();
    return answer.ok ? undefined : `it answered ${answer.status}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return messageOf(cause).replaceAll(url, '(url)');
  }
}

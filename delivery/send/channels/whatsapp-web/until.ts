import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until there is an answer; undefined when the time (milliseconds) is over first. */
export async function until<T>(
  ask: () => Promise<T | undefined>,
  milliseconds: number,
  signal: AbortSignal,
): Promise<T | undefined> {
  const end = Date.now() + milliseconds;
  for (;;) {
    signal.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined || Date.now() >= end) return answer;
    await pause(80, undefined, { signal });
  }
}

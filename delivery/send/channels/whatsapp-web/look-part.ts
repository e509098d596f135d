import type { Page } from 'playwright';
import type { Attempt, Found, Part } from '../../channel.ts';
import { searchBack } from './bubbles.ts';
import type { OpenedChat } from './chat.ts';
import { hasTick, tickOf } from './tick.ts';
import { until } from './until.ts';

/** Milliseconds that a clock is watched: a page that has just come up sends what it still had. */
const watched = 3_000;

/**
 * Looks for a part in its chat by its reference. Only a chat that was read back to before the attempt, on a page that is
 * ready and late enough, says that it is not there; a clock, a sign that is not known and a page that cannot be read say nothing.
 */
export async function lookForPart(
  page: Page,
  part: Part,
  attempt: Attempt,
  open: () => Promise<OpenedChat>,
  settle: number,
  now: () => Date,
  signal: AbortSignal,
): Promise<Found> {
  const settled = new Date(attempt.startedAt.getTime() + settle);
  const until30 = new Date(attempt.startedAt.getTime() + settle + 30 * 60_000);
  const unknown = (reason: string): Found => ({ kind: 'unknown', reason, until: until30 });
  // Whoever looks too early looks again: a message may be on its way.
  if (now() < settled) return { kind: 'unknown', reason: 'it is too early to look', until: settled };
  const chat = await open();
  if (chat.kind === 'not-ready') return unknown(`the page is ${chat.why}`);
  if (chat.kind === 'refused') return chat.nobody ? { kind: 'not-sent' } : unknown(chat.reason);
  if (chat.kind === 'missing') return unknown('the chat does not open');
  const { contract } = chat;
  const seen = await until<Found>(
    async () => {
      const { found, whole } = await searchBack(page, contract, part.reference, attempt.startedAt, signal);
      if (found === undefined)
        return whole ? { kind: 'not-sent' } : unknown('the chat could not be read back far enough');
      return hasTick(tickOf(found.signs, contract)) ? { kind: 'sent', providerId: found.id } : undefined;
    },
    watched,
    signal,
  );
  return seen ?? unknown('it is in the chat without a tick');
}

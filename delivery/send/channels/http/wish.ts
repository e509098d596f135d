import type { OptOut } from '../../channel.ts';

/** Words that carriers and messengers know, alone in a message: https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out */
const stops = new Set([
  'stop',
  'stopall',
  'unsubscribe',
  'cancel',
  'end',
  'quit',
  'optout',
  'revoke',
  'stop promotions',
]);
const starts = new Set(['start', 'unstop', 'resume', 'subscribe']);

/** Whether somebody's message, as a whole, ends the writing to them or begins it anew. */
export function wishIn(text: string): OptOut['wish'] | undefined {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/[.!]+$/, '');
  if (stops.has(word)) return 'stop';
  return starts.has(word) ? 'start' : undefined;
}

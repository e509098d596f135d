import type { SendOutcome } from '../../channel.ts';

/** What an acknowledgement with an error means. `restricted` stops the lane: to go on makes it worse. */
export type Refusal =
  | { readonly kind: 'restricted'; readonly reason: string }
  | { readonly kind: 'outcome'; readonly outcome: SendOutcome };

const refused = (reason: string): Refusal => ({ kind: 'outcome', outcome: { kind: 'refused', reason } });
const later = (reason: string): Refusal => ({ kind: 'outcome', outcome: { kind: 'later', reason, scope: 'part' } });

/** Errors in acknowledgements, by number. Those that are not here are tried again, as a part's own trouble. */
const refusals: Readonly<Record<string, Refusal>> = {
  401: refused('this chat does not take messages from us'),
  403: refused('we may not write into this chat'),
  404: refused('WhatsApp does not know the address'),
  406: refused('WhatsApp does not take such a message'),
  463: { kind: 'restricted', reason: 'WhatsApp does not let this account begin chats' },
  479: later('WhatsApp found the message malformed (479): a device of the recipient has changed'),
  491: refused('WhatsApp cannot read the message (491)'),
};

/** Seconds that a lane rests when it has been too fast. */
const tooFast = 15 * 60;

/** What an error in the acknowledgement of a message means: the server has not taken it. */
export function refusalOf(code: string, now: Date): Refusal {
  if (code === '429') {
    const at = new Date(now.getTime() + tooFast * 1000);
    return { kind: 'outcome', outcome: { kind: 'later', reason: 'WhatsApp asks to go slower', scope: 'lane', at } };
  }
  return refusals[code] ?? later(`WhatsApp did not take the message (${code})`);
}

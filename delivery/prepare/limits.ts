import { Fault } from '#engine';
import type { Lanes } from '../edition/lane.ts';
import type { SlotLimits } from '../ledger/slots.ts';
import type { SlotContent, WrittenMessage } from './content.ts';

/** True for an address whose domain a project allows for tests, sub-domains not included. */
export function mayTestTo(address: string, domains: readonly string[]): boolean {
  const domain = /^[^\s@<>,;"]+@([^\s@<>,;"]+)$/.exec(address)?.[1]?.toLowerCase();
  return domain !== undefined && domains.some((allowed) => allowed.toLowerCase() === domain);
}

/**
 * Keeps of a slot's content what a person limited it to. In a test everything goes to the one address, by mail, and
 * says so: nobody of the audience is written to. Throws `Fault` invalid when nothing is left, or no lane carries mail.
 */
export function limitContent(content: SlotContent, limits: SlotLimits, lanes: Lanes): SlotContent {
  const { edition, recipient, testTo } = limits;
  const wanted = (one: { readonly edition: string }, person: string) =>
    (edition === undefined || one.edition === edition) && (recipient === undefined || person === recipient);
  const messages = content.messages.filter((message) => wanted(message, message.recipient.id));
  const leftOut = content.leftOut.filter((one) => wanted(one, one.recipient));
  if (edition !== undefined && content.editions.every(({ key }) => key !== edition)) {
    throw new Fault('invalid', `the slot has no edition "${edition}"`);
  }
  if (recipient !== undefined && messages.length + leftOut.length === 0) {
    throw new Fault('invalid', `"${recipient}" is not among the slot's recipients`);
  }
  const editions = content.editions.filter(({ key }) => edition === undefined || key === edition);
  if (testTo === undefined) return { ...content, editions, messages, leftOut };
  return { ...content, editions, messages: messages.map((message) => redirected(message, testTo, lanes)), leftOut };
}

/** The message as a test: marked, and by mail to the one address, whatever its ladder was. */
function redirected(message: WrittenMessage, address: string, lanes: Lanes): WrittenMessage {
  const ladder = message.rungs.map(({ lane }) => lane);
  const byMail = [...lanes.values()].filter((lane) => lane.address === 'email');
  const lane = byMail.find(({ name }) => ladder.includes(name)) ?? byMail[0];
  if (lane === undefined) throw new Fault('invalid', 'a test goes by mail, and project.yml has no channel for it');
  const { name: _, ...recipient } = message.recipient;
  const notice = `TEST. It would have gone to ${recipient.id} by ${ladder.join(', then ')}.`;
  return {
    ...message,
    recipient,
    rungs: [{ lane: lane.name, address, split: lane.split }],
    subject: `TEST: ${message.subject}`,
    text: `${notice}\n\n${message.text}`,
    caption: `TEST: ${message.caption}`,
  };
}

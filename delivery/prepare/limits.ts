import { Fault } from '#engine';
import type { Edition } from '../edition/edition.ts';
import type { Lanes } from '../edition/lane.ts';
import type { MessagePlan } from '../edition/plan-messages.ts';
import type { SlotLimits } from '../ledger/slot.ts';
import type { WrittenMessage } from './content.ts';

/** True for an address whose domain a project allows for tests, sub-domains not included. */
export function mayTestTo(address: string, domains: readonly string[]): boolean {
  const domain = /^[^\s@<>,;"]+@([^\s@<>,;"]+)$/.exec(address)?.[1]?.toLowerCase();
  return domain !== undefined && domains.some((allowed) => allowed.toLowerCase() === domain);
}

/** The editions that a person limited a slot to. Throws `Fault` invalid when there is no such edition. */
export function limitedEditions(editions: readonly Edition[], { edition: wanted }: SlotLimits): readonly Edition[] {
  if (wanted === undefined) return editions;
  const found = editions.filter(({ key }) => key === wanted);
  if (found.length > 0) return found;
  throw new Fault('invalid', `the slot has no edition "${wanted}"`);
}

/** Keeps of each edition's plan what a person limited the slot to. */
export interface Limit {
  keep(plan: MessagePlan): MessagePlan;
  /** Throws `Fault` invalid when the one recipient asked for was in no plan. */
  end(): void;
}

export function openLimit({ recipient: wanted }: SlotLimits): Limit {
  let found = wanted === undefined;
  return {
    keep(plan) {
      if (wanted === undefined) return plan;
      const messages = plan.messages.filter(({ recipient }) => recipient.id === wanted);
      const leftOut = plan.leftOut.filter(({ recipient }) => recipient === wanted);
      found ||= messages.length + leftOut.length > 0;
      return { messages, leftOut };
    },
    end() {
      if (!found) throw new Fault('invalid', `"${wanted}" is not among the slot's recipients`);
    },
  };
}

/**
 * The message as it goes: in a test marked, and by mail to the one address, whatever its ladder was, so that nobody of the
 * audience is written to. Throws `Fault` invalid when no lane carries mail.
 */
export function redirected(message: WrittenMessage, { testTo: address }: SlotLimits, lanes: Lanes): WrittenMessage {
  if (address === undefined) return message;
  const ladder = message.rungs.map(({ lane }) => lane);
  const byMail = [...lanes.values()].filter((lane) => lane.address === 'email');
  const lane = byMail.find(({ name }) => ladder.includes(name)) ?? byMail[0];
  if (lane === undefined) throw new Fault('invalid', 'a test goes by mail, and project.yml has no channel for it');
  const limit = message.rungs.find((rung) => rung.lane === lane.name)?.limit;
  const { name: _, ...recipient } = message.recipient;
  const notice = `TEST. It would have gone to ${recipient.id} by ${ladder.join(', then ')}.`;
  return {
    ...message,
    recipient,
    rungs: [{ lane: lane.name, address, split: lane.split, ...(limit === undefined ? {} : { limit }) }],
    subject: `TEST: ${message.subject}`,
    text: `${notice}\n\n${message.text}`,
    caption: `TEST: ${message.caption}`,
  };
}

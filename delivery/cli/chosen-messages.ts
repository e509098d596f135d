import { type Call, Fault } from '#engine';
import type { House } from '../house.ts';
import type { HeldMessage } from '../ledger/held-messages.ts';
import { ruleOf } from '../slot/rule.ts';
import { slotAskedFor } from '../slot/slot.ts';
import { isWanted } from './enter-slot.ts';
import { dateOption, dayOf, reportOf, targetOption, textOf } from './options.ts';

export const chosenOptions = {
  ...dateOption,
  ...targetOption,
  edition: { type: 'string' },
  recipient: { type: 'string' },
} as const;

/** Messages of one slot, or one message, as a person named them. */
export interface Chosen {
  readonly report: string;
  readonly slot: string;
  readonly messages: readonly HeldMessage[];
}

/** What `MESSAGE` or `REPORT [--date D] [--edition KEY] [--recipient ID]` names: of a slot all its issues. */
export async function chosenMessages(call: Call, house: House): Promise<Chosen> {
  const ledger = await house.ledger();
  const [word = ''] = call.positionals;
  if (/^\d+$/.test(word)) {
    const message = await ledger.messages.byId(word);
    if (message === undefined) throw new Fault('invalid', `there is no message ${word}`);
    const { report, slot } = await ledger.slots.nameOf(message.id);
    return { report, slot, messages: [message] };
  }
  const report = reportOf(call, house);
  const now = new Date();
  const { id } = slotAskedFor(ruleOf(report, house.config.calendar.timezone), dayOf(call, report, house, now), now, '');
  const edition = textOf(call, 'edition');
  const recipient = textOf(call, 'recipient');
  const only = { ...(edition === undefined ? {} : { edition }), ...(recipient === undefined ? {} : { recipient }) };
  const messages = (await ledger.messages.ofSlot(report.name, id)).filter((message) => isWanted(message, only));
  return { report: report.name, slot: id, messages };
}

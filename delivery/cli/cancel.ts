import type { Call } from '#engine';
import { chosenMessages, chosenOptions } from './chosen-messages.ts';
import { dateUsage, houseOf, targetUsage } from './options.ts';
import { countStates } from './slot-answer.ts';

export const usage = `(MESSAGE | REPORT [--date D] [--edition KEY] [--recipient ID]) [--target T]

Takes back what still waits to be sent; a slot that waits for its data is skipped. What is being sent, or was, is not to
be had back. "delivery retry" undoes it.
${dateUsage}
  --edition KEY, --recipient ID    only these
${targetUsage}`;
export const options = chosenOptions;
export const positionals = 1;
export const examples = ['cancel 42', 'cancel daily_sales --date 2022-02-28'];
export const exits = { 3: 'the slot is being made just now: cancel it again in a moment' };

export async function run(call: Call): Promise<number> {
  await using house = await houseOf(call);
  const { report, slot, messages: chosen } = await chosenMessages(call, house);
  const ledger = await house.ledger();
  const cancelled = await ledger.byHand.cancel(chosen.map(({ id }) => id));
  const wholeSlot = !/^\d+$/.test(call.positionals[0] ?? '') && !call.values['edition'] && !call.values['recipient'];
  const waiting = wholeSlot ? await ledger.slots.newest(report, slot) : undefined;
  const skipped = waiting?.state === 'waiting';
  if (skipped) await ledger.slots.end(waiting.id, 'skipped', 'cancelled by hand');
  const messages = (await Promise.all(chosen.map(({ id }) => ledger.messages.byId(id)))).flatMap((one) => one ?? []);
  const stand = countStates(messages);
  call.print(`${report} ${slot}: ${skipped ? 'skipped' : `${cancelled} parts cancelled`}${stand ? `; ${stand}` : ''}`);
  if (waiting?.state === 'frozen') call.note('  it is being made just now; cancel it again in a moment');
  call.answer({ report, slot, cancelled, skipped, messages: messages.map(({ id, state }) => ({ id, state })) });
  return waiting?.state === 'frozen' ? 3 : 0;
}

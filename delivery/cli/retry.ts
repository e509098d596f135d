import type { Call } from '#engine';
import { sendSlot } from '../send/send-slot.ts';
import { chosenMessages, chosenOptions } from './chosen-messages.ts';
import { dateUsage, houseOf, targetUsage } from './options.ts';
import { countStates, describeMessage, exitCodeFor, reasonsOf } from './slot-answer.ts';
import { patience, slotSending } from './slot-sending.ts';

export const usage = `(MESSAGE | REPORT [--date D] [--edition KEY] [--recipient ID]) [--target T]

Sends again what failed or was cancelled, and nothing else: what was sent or is unclear stays as it is.
${dateUsage}
  --edition KEY, --recipient ID    only these
${targetUsage}`;
export const options = chosenOptions;
export const positionals = 1;
export const examples = ['retry daily_sales --date 2022-02-28', 'retry 42'];
export const exits = { 1: 'a message failed again or was too late', 3: 'a message waits or is unclear' };

export async function run(call: Call): Promise<number> {
  await using house = await houseOf(call);
  const { report, slot, messages: chosen } = await chosenMessages(call, house);
  const ledger = await house.ledger();
  const moved = await ledger.byHand.retry(chosen.map(({ id }) => id));
  const slotIds = moved === 0 ? [] : await ledger.slots.holding(chosen.map(({ id }) => id));
  for (const id of slotIds) {
    await sendSlot(await slotSending(house, id, call.signal), new Date(Date.now() + patience), false, call.signal);
  }
  const messages = (await Promise.all(chosen.map(({ id }) => ledger.messages.byId(id)))).flatMap((one) => one ?? []);
  for (const line of reasonsOf(messages)) call.note(`  ${line}`);
  const [open] = messages.filter(({ state }) => state === 'unclear' || state === 'held');
  if (open) call.note(`  what may have gone is not tried again: delivery settle ${open.id} --sent, or --not-sent`);
  call.print(`${report} ${slot}: ${moved} parts tried again; ${countStates(messages) || 'no messages'}`);
  call.answer({
    report,
    slot,
    editions: [...new Set(messages.map(({ edition }) => edition))],
    messages: messages.map((message) => describeMessage(message, house.files)),
    new: 0,
    retried: moved,
  });
  return exitCodeFor(messages);
}

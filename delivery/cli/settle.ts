import { type Call, Fault } from '#engine';
import { lookForUnclear } from '../confirm/look.ts';
import { houseOf, laneOf, sinceOf, targetOption, targetUsage } from './options.ts';

export const usage = `(MESSAGE (--sent | --not-sent) | --lane L --since D --look) [--target T]

Says what became of a message that is unclear or held: it was sent, or it was not and is queued again. With --look the
channel is asked about all such messages of a lane since a date; what it cannot tell stays as it is.
${targetUsage}`;
export const options = {
  ...targetOption,
  sent: { type: 'boolean' },
  'not-sent': { type: 'boolean' },
  lane: { type: 'string' },
  since: { type: 'string' },
  look: { type: 'boolean' },
} as const;
export const positionals = 1;
export const examples = ['settle 42 --sent', 'settle --lane email --since 2022-02-28 --look'];
export const exits = { 3: 'some are still unclear or held' };

export async function run(call: Call): Promise<number> {
  const [message] = call.positionals;
  if (call.values['look'] && message === undefined) return look(call);
  const sent = call.values['sent'] === true;
  if (message === undefined || sent === (call.values['not-sent'] === true)) {
    throw new Fault('invalid', 'which message, and was it sent?', {
      hint: 'delivery settle 42 --sent, or --not-sent; or --lane email --since 2021-12-21 --look',
    });
  }
  await using house = await houseOf(call);
  const ledger = await house.ledger();
  const settled = await ledger.unclear.settleByHand(message, sent);
  const held = await ledger.messages.byId(message);
  if (held === undefined) {
    throw new Fault('invalid', `there is no message ${message}`, {
      hint: '"delivery status" names those to be settled.',
    });
  }
  call.print(
    settled === 0
      ? `message ${message} is ${held.state}: neither unclear nor held`
      : `message ${message} is settled: ${sent ? 'it was sent' : 'it was not sent, and is tried again'}`,
  );
  call.answer({ message, settled });
  return settled === 0 ? 1 : 0;
}

async function look(call: Call): Promise<number> {
  await using house = await houseOf(call);
  const lane = laneOf(call, house);
  const since = sinceOf(call, house);
  if (since === undefined) throw new Fault('invalid', 'since when?', { hint: 'Write 2021-12-21.' });
  const ledger = await house.ledger();
  await ledger.sweep();
  const before = await ledger.unclear.open(lane, since);
  const channel = house.channel(lane);
  if (channel.find) {
    const asked = { unclear: async () => before, afterLook: ledger.unclear.afterLook };
    await lookForUnclear(asked, channel, { lane }, new Date(), call.signal);
  }
  const after = (await ledger.unclear.open(lane, since)).length;
  const settled = before.length - after;
  call.print(`${lane}: ${before.length} looked for, ${settled} settled, ${after} still unclear`);
  if (!channel.find && after > 0) call.note(`  ${lane} cannot be asked; settle each by hand: delivery settle MESSAGE`);
  call.answer({ lane, looked: before.length, settled, unclear: after });
  return after === 0 ? 0 : 3;
}

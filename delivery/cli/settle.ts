import { type Call, Fault } from '#engine';
import { houseOf, targetOption, targetUsage } from './options.ts';

export const usage = `MESSAGE (--sent | --not-sent) [--target T]

Says what became of a message that is unclear or held: it was sent, or it was not and is queued again.
${targetUsage}`;
export const options = { ...targetOption, sent: { type: 'boolean' }, 'not-sent': { type: 'boolean' } } as const;
export const positionals = 1;

export async function run(call: Call): Promise<number> {
  const [message] = call.positionals;
  const sent = call.values['sent'] === true;
  if (message === undefined || sent === (call.values['not-sent'] === true)) {
    throw new Fault('invalid', 'which message, and was it sent?', { hint: 'delivery settle 42 --sent, or --not-sent' });
  }
  await using house = await houseOf(call);
  const ledger = await house.ledger();
  const settled = await ledger.unclear.settleByHand(message, sent);
  call.print(settled === 0 ? `message ${message} is neither unclear nor held` : `message ${message} is settled`);
  call.answer({ message, settled });
  return settled === 0 ? 1 : 0;
}

import { type Call, Fault } from '#engine';
import type { HeldLedger } from '../ledger/hold.ts';
import { houseOf, targetOption, targetUsage, textOf } from './options.ts';

export const usage = `--reason R [--target T]

Stops all sending, of every process, until "delivery release". A ledger that was brought back from a backup holds itself.
${targetUsage}`;
export const options = { ...targetOption, reason: { type: 'string' } } as const;
export const examples = ["hold --reason 'wrong prices'"];

export async function run(call: Call): Promise<number> {
  const reason = textOf(call, 'reason')?.trim();
  if (!reason) throw new Fault('invalid', 'why?', { hint: 'delivery hold --reason "the mail server moves"' });
  await using house = await houseOf(call);
  const { hold } = await house.ledger();
  await hold.hold(reason);
  const held = await hold.held();
  call.print(`nothing is sent since ${held?.since}: ${held?.reason}`);
  call.answer({ held });
  return 0;
}

/** The command that lets sending go on: after a restore it must be said what was sent meanwhile. */
export const releaseOf = ({ restored }: HeldLedger): string =>
  restored ? 'delivery release --sent-until now' : 'delivery release';

import { Fault } from '#engine';
import type { HeldMessage } from '../ledger/messages.ts';
import { isSettled } from '../ledger/moves.ts';
import type { HeldSlot } from '../ledger/slots.ts';

/**
 * The number under which a slot is sent again. What is not yet sealed is gone on with, so that a crash between does not
 * send twice; while a message may still go out or may have gone, sending it again would risk a second one. Throws
 * `Fault` invalid then.
 */
export function resendNumber(newest: HeldSlot | undefined, messages: readonly Pick<HeldMessage, 'state'>[]): number {
  if (newest === undefined) return 0;
  if (newest.state !== 'sealed') return newest.resend;
  const open = messages.filter(({ state }) => !isSettled(state)).length;
  if (open === 0) return newest.resend + 1;
  throw new Fault('invalid', `${open} messages of ${newest.report} ${newest.slot} are still on their way or unclear`, {
    hint: 'Let them end, or settle them, before you send it again.',
  });
}

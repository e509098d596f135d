import { Fault } from '#engine';
import type { HeldMessage } from '../ledger/held-messages.ts';
import { isSettled } from '../ledger/moves.ts';
import type { Slot } from '../slot/slot.ts';

/**
 * The number under which a slot, or a part of it, is sent again; `last` is the highest so far. While a message may still
 * go out or may have gone, sending it again would risk a second one. Throws `Fault` invalid then.
 */
export function resendNumber(
  slot: Pick<Slot, 'report' | 'id'>,
  last: number | undefined,
  messages: readonly Pick<HeldMessage, 'state'>[],
): number {
  if (last === undefined) return 0;
  const open = messages.filter(({ state }) => !isSettled(state)).length;
  if (open === 0) return last + 1;
  throw new Fault('invalid', `${open} messages of ${slot.report} ${slot.id} are still on their way or unclear`, {
    hint: 'Let them end, or settle them, before you send it again.',
  });
}

import { lookForUnclear } from '../confirm/look.ts';
import { type House, laneTools } from '../house.ts';
import type { SlotSending } from '../send/send-slot.ts';

/** Milliseconds for which another process that sends is waited for: longer than a dead one's lease. */
export const patience = 30_000;

/** What sending one slot takes: its lanes, those of later rungs among them, and the looking for what is unclear. */
export async function slotSending(house: House, slotId: string, signal: AbortSignal): Promise<SlotSending> {
  const ledger = await house.ledger();
  const names = await ledger.messages.lanes(slotId);
  const own = names.filter((name) => house.ownLanes.includes(name));
  const lanes = await Promise.all(own.map((name) => laneTools(house, name, slotId)));
  for (const name of names) await ledger.resume(name);
  const now = () => new Date();
  return {
    lanes,
    async confirm() {
      await ledger.sweep();
      for (const lane of own)
        await lookForUnclear(ledger.unclear, house.channel(lane), { lane, slotId }, now(), signal);
    },
    progress: () => ledger.messages.progress(slotId),
    now,
  };
}

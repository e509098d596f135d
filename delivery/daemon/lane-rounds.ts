import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '#engine';
import { collectReceipts } from '../confirm/collect.ts';
import { lookForUnclear } from '../confirm/look.ts';
import { type House, laneTools } from '../house.ts';
import { sendLane } from '../send/send-lane.ts';
import { withoutAddresses } from '../send/without-addresses.ts';
import type { Rounds } from './rounds.ts';

/** Lanes in which this process is sending. */
export type Sending = Map<string, Promise<void>>;

/** Starts the lanes that have something to send and are not at it; a lane under way takes what comes meanwhile itself. */
export async function lanesRound(house: House, sending: Sending, rounds: Rounds, signal: AbortSignal): Promise<void> {
  const idle = house.ownLanes.filter((lane) => !sending.has(lane));
  if (idle.length === 0) return;
  for (const lane of await (await house.ledger()).ready(idle)) {
    const round = sendAndRest(house, lane, rounds, signal);
    sending.set(
      lane,
      round.finally(() => sending.delete(lane)),
    );
  }
}

/** Sends what waits in a lane; where that cannot be done it is left alone for a while. */
async function sendAndRest(house: House, lane: string, rounds: Rounds, signal: AbortSignal): Promise<void> {
  try {
    const { tools, work } = await laneTools(house, lane);
    const result = await sendLane(tools, work, signal);
    if (result.kind === 'taken') await pause(rounds.unclear / 5, undefined, { signal }).catch(() => {});
    else if (result.sent > 0) house.log.info({ lane, sent: result.sent }, 'sent');
  } catch (error) {
    house.log.error({ lane, error: messageOf(error) }, 'a lane failed');
    await pause(rounds.unclear, undefined, { signal }).catch(() => {});
  }
}

/** Names what leases that ran out left unclear, and looks for it where the channel can be asked. */
export async function unclearRound(house: House, { holdAfter }: Rounds, signal: AbortSignal): Promise<void> {
  const ledger = await house.ledger();
  await ledger.sweep();
  for (const lane of house.ownLanes) {
    await lookForUnclear(ledger.unclear, house.channel(lane), { lane, holdAfter }, house.now(), signal);
  }
}

/** Reads what providers keep for us. A mailbox that cannot be read is logged and keeps no other lane from its receipts. */
export async function receiptRound(house: House, signal: AbortSignal): Promise<void> {
  const { receipts } = await house.ledger();
  for (const lane of house.ownLanes) {
    try {
      const added = await collectReceipts(receipts, house.channel(lane), lane, signal);
      if (added > 0) house.log.info({ lane, receipts: added }, 'receipts');
    } catch (error) {
      if (signal.aborted) return;
      house.log.error({ lane, error: withoutAddresses(messageOf(error)) }, 'receipts cannot be read');
    }
  }
}

import type { House } from '../house.ts';
import { lanesRound, receiptRound, type Sending, unclearRound } from './lane-rounds.ts';
import { noticeRound } from './notice-rounds.ts';
import { openRepeater, type Rounds } from './rounds.ts';
import type { Service } from './service.ts';

/**
 * Sends what waits in the house's own lanes, looks for what is unclear there and hears its receipts, until the signal. It
 * opens no slot: the daemon does. Owners are told by both, and once. Sends under way end before it returns.
 */
export async function runSender(house: House, rounds: Rounds, service: Service, signal: AbortSignal): Promise<void> {
  house.log.info({ lanes: house.ownLanes }, 'the sender is up');
  const sending: Sending = new Map();
  const { repeat } = openRepeater(house.log, signal);
  await service.ready();
  await Promise.all([
    repeat('lanes', rounds.lanes, () => lanesRound(house, sending, rounds, signal)),
    repeat('unclear', rounds.unclear, () => unclearRound(house, rounds, signal)),
    repeat('receipts', rounds.receipts, () => receiptRound(house, signal)),
    repeat('notices', rounds.notices, () => noticeRound(house)),
    repeat('service', service.rhythm, () => service.alive(`sends by ${house.ownLanes.join(', ')}`)),
  ]);
  await Promise.all(sending.values());
  house.log.info({}, 'the sender has stopped');
}

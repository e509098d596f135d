import { openPublic, type PublicTools } from '../api/public.ts';
import { hearWebhook } from '../confirm/hear.ts';
import type { House } from '../house.ts';
import { lanesRound, receiptRound, type Sending, unclearRound } from './lane-rounds.ts';
import { noticeRound, pingRound } from './notice-rounds.ts';
import { purgeRound } from './purge-round.ts';
import { openRepeater, type Rounds } from './rounds.ts';
import type { Service } from './service.ts';
import { slotRound } from './slot-round.ts';

/**
 * Opens slots when they are due, prepares them when their data is there, and sends, until the signal. Each round asks
 * the ledger and the clock anew, so a daemon that was away misses nothing; two daemons do nothing twice. Sends under way
 * end before it returns.
 */
export async function runDaemon(house: House, rounds: Rounds, service: Service, signal: AbortSignal): Promise<void> {
  house.log.info({ reports: house.reports.length, lanes: house.ownLanes }, 'the daemon is up');
  for (const problem of house.problems) house.log.error({ file: problem.file, line: problem.line }, problem.message);
  signal.addEventListener('abort', () => house.log.info({}, 'the daemon is stopping'), { once: true });
  const sending: Sending = new Map();
  const looks = { failedAt: new Map<string, number>(), lookedAt: new Map<string, number>() };
  await using _public = house.publicListen && (await openPublic(house.publicListen, await publicTools(house)));
  const { repeat, well } = openRepeater(house.log, signal);
  await service.ready();
  await Promise.all([
    repeat('slots', rounds.slots, () => slotRound(house, looks, rounds, signal)),
    repeat('lanes', rounds.lanes, () => lanesRound(house, sending, rounds, signal)),
    repeat('unclear', rounds.unclear, () => unclearRound(house, rounds, signal)),
    repeat('receipts', rounds.receipts, () => receiptRound(house, signal)),
    repeat('notices', rounds.notices, () => noticeRound(house)),
    repeat('purge', rounds.purge, () => purgeRound(house, signal)),
    repeat('ping', rounds.ping, () => pingRound(house, well, signal)),
    repeat('service', service.rhythm, () => serviceRound(house, service)),
  ]);
  await Promise.all(sending.values());
  house.log.info({}, 'the daemon has stopped');
}

/** Says that the process is alive, with a word on how things are: a ledger that cannot be asked is no reason to start it anew. */
async function serviceRound(house: House, service: Service): Promise<void> {
  const held = house
    .ledger()
    .then(({ hold }) => hold.held())
    .then((found) => (found ? `nothing is sent: ${found.reason}` : `${house.reports.length} reports`));
  await service.alive(await held.catch(() => 'the state database cannot be asked'));
}

async function publicTools(house: House): Promise<PublicTools> {
  const { secret, unsubscribe, receipts } = await house.ledger();
  return {
    secret,
    unsubscribe,
    async hear(lane, request) {
      if (!house.lanes.has(lane)) return undefined;
      const heard = await hearWebhook(receipts, house.channel(lane), lane, request, house.now());
      if (heard && heard.status >= 400) house.log.warn({ lane, status: heard.status, reason: heard.text }, 'webhook');
      return heard;
    },
    files: house.files,
    log: house.log,
    now: house.now,
  };
}

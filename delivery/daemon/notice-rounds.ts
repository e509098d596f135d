import type { Trouble } from '../alert/notice.ts';
import { ping } from '../alert/ping.ts';
import { tellOfRuns } from '../alert/tell-of-runs.ts';
import { tellOwners } from '../alert/tell-owners.ts';
import type { House } from '../house.ts';

/** Enters what owners are to be told: of reports and lanes, and of the engine's runs. */
export async function noticeRound(house: House): Promise<void> {
  const owners = new Map(house.reports.map((report) => [report.name, report.owners]));
  const tools = { ...(await house.ledger()), files: house.files };
  const now = house.now();
  const warnings: Trouble[] = house.ownLanes.flatMap((lane) => {
    const reason = house.channel(lane).warning?.();
    return reason === undefined ? [] : [{ kind: 'warning', lane, reason }];
  });
  for (const lane of house.ownLanes) {
    const stopped = await house.channel(lane).stopped?.();
    if (stopped) warnings.push({ kind: 'stopped', lane, ...stopped });
  }
  const told = [
    ...(await tellOwners(tools, { owners, lanes: house.lanes }, house.digest, now, warnings)),
    ...(await tellOfRuns(tools, await house.outbox(), house, now)),
  ];
  for (const notice of told) house.log.warn({ notice }, 'owners are told');
}

/** Says outside that the daemon is well, where somebody is to be told. */
export async function pingRound(house: House, well: () => boolean, signal: AbortSignal): Promise<void> {
  if (house.pingUrl === undefined || !well()) return;
  const wrong = await ping(house.pingUrl, signal);
  if (wrong !== undefined && !signal.aborted) house.log.warn({ reason: wrong }, 'the watcher could not be told');
}

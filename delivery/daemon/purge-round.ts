import type { House } from '../house.ts';

/** Takes away what retention no longer keeps: what has ended before as many days. Files go after the ledger has let go of them. */
export async function purgeRound(house: House, signal: AbortSignal): Promise<void> {
  if (house.retention === undefined) return;
  const purged = await purge(house, daysAgo(house.now(), house.retention), signal);
  if (purged > 0) house.log.info({ slots: purged }, 'purged');
}

export function daysAgo(now: Date, days: number): Date {
  return new Date(now.getTime() - days * 24 * 3_600_000);
}

/** Purges the slots opened before an instant; returns how many. A file whose removal a crash prevented is a stray, no leak of a message. */
export async function purge(house: House, before: Date, signal: AbortSignal): Promise<number> {
  const ledger = await house.ledger();
  for (let count = 0; ; count += 1) {
    const slot = signal.aborted ? undefined : await ledger.purge.one(before);
    const files = slot?.files ?? (await ledger.purge.strays(before));
    for (const sha256 of files) await house.files.remove(sha256);
    if (slot === undefined) return count;
  }
}

import type { Ledger } from '../ledger/ledger.ts';
import { type DigestRule, digestOf, dueDigest } from './digest.ts';
import { noticesFor, type Ownership, type Trouble } from './notice.ts';
import { type RaiseTools, raise } from './raise.ts';

export type TellTools = RaiseTools & Pick<Ledger, 'troublesSince' | 'countSince' | 'troubles'>;

/** How far back troubles are news, in milliseconds: a daemon that was away tells what happened meanwhile, not history. */
const news = 3 * 24 * 3_600_000;

/** Enters what owners are to be told, what channels say of themselves (`warnings`) among it, and have not been told yet. Returns the new notices' names. */
export async function tellOwners(
  tools: TellTools,
  who: Ownership,
  digest: DigestRule | undefined,
  now: Date,
  warnings: readonly Trouble[] = [],
): Promise<string[]> {
  const told: string[] = [];
  const troubles = await tools.troublesSince(new Date(now.getTime() - news));
  for (const notice of noticesFor([...troubles, ...warnings], who, now)) {
    if (await raise(tools, notice, now)) told.push(notice.id);
  }
  const due = digest && dueDigest(digest, now);
  if (due) {
    const waiting = (await tools.slots.unsealed()).map(({ report, slot }) => ({ report, slot }));
    const facts = { counts: await tools.countSince(due.since), waiting, lanes: await tools.troubles() };
    const notice = digestOf(due.day, facts, who.owners, who.lanes);
    if (notice.to.length > 0 && (await raise(tools, notice, now))) told.push(notice.id);
  }
  return told;
}

import type { Lanes } from '../edition/lane.ts';
import { instantOf, localTime } from '../slot/zone.ts';
import { allOwners, type Notice } from './notice.ts';
import { ownerOf } from './owner.ts';

/** What a day came to. */
export interface DayFacts {
  readonly counts: readonly { readonly report: string; readonly state: string; readonly count: number }[];
  readonly waiting: readonly { readonly report: string; readonly slot: string }[];
  readonly lanes: readonly { readonly lane: string; readonly reason: string }[];
}

export interface DigestRule {
  /** Local time of day, `18:00`. */
  readonly at: string;
  readonly timezone: string;
}

/** The digest that is due: its day, and since when it tells; undefined before its hour. */
export function dueDigest(
  { at, timezone }: DigestRule,
  now: Date,
): { readonly day: string; readonly since: Date } | undefined {
  const { date } = localTime(now, timezone);
  const hour = instantOf(date, at, timezone);
  return now < hour ? undefined : { day: date, since: new Date(hour.getTime() - 24 * 3_600_000) };
}

/** One notice a day to every owner: what went, what did not, what waits. */
export function digestOf(
  day: string,
  facts: DayFacts,
  owners: ReadonlyMap<string, readonly string[]>,
  lanes: Lanes,
): Notice {
  const reports = Map.groupBy(facts.counts, ({ report }) => report);
  const lines = [...reports].map(
    ([report, states]) => `${report}: ${states.map(({ state, count }) => `${count} ${state}`).join(', ')}`,
  );
  for (const { report, slot } of facts.waiting) lines.push(`${report} ${slot}: waits for its data`);
  for (const { lane, reason } of facts.lanes) lines.push(`${lane} cannot send: ${reason}`);
  return {
    id: `digest/${day}`,
    to: allOwners({ owners }).flatMap((text) => ownerOf(text, lanes) ?? []),
    subject: `Reports of ${day}`,
    text: lines.length > 0 ? lines.join('\n') : 'Nothing was due.',
  };
}

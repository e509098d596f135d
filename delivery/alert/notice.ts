import type { Lanes } from '../edition/lane.ts';
import type { Trouble as Recorded } from '../ledger/troubles.ts';
import { type Owner, ownerOf } from './owner.ts';

/** What the ledger has, and what a channel says will be trouble. */
export type Trouble =
  | Recorded
  | { readonly kind: 'warning'; readonly lane: string; readonly reason: string }
  /** Nothing goes until a person does something, though nothing may have been tried. */
  | { readonly kind: 'stopped'; readonly lane: string; readonly since: Date; readonly reason: string };

/** A message to owners. The id is the trouble's own: the same trouble never makes a second notice. */
export interface Notice {
  readonly id: string;
  readonly to: readonly Owner[];
  readonly subject: string;
  readonly text: string;
}

/** Who owns what, and by which lanes they can be told. */
export interface Ownership {
  /** Owners (`lane:address`) by report. */
  readonly owners: ReadonlyMap<string, readonly string[]>;
  readonly lanes: Lanes;
}

/** Milliseconds that a lane may be in trouble before its owners hear of it: most of it passes by itself. */
const laneQuiet = 5 * 60_000;

/** What owners are to be told of these troubles now. Those of a troubled lane are told by another one, where they have one. */
export function noticesFor(troubles: readonly Trouble[], who: Ownership, now: Date): Notice[] {
  const ill = new Set(troubles.flatMap((one) => ('lane' in one ? [one.lane] : [])));
  // A lane that stands still makes one notice, and not a second when something was to be sent.
  const stopped = new Set(troubles.flatMap((one) => (one.kind === 'stopped' ? [one.lane] : [])));
  return troubles
    .filter((trouble) => trouble.kind !== 'lane' || !stopped.has(trouble.lane))
    .filter((trouble) => trouble.kind !== 'lane' || now.getTime() - trouble.since.getTime() >= laneQuiet)
    .map((trouble): Notice => {
      const texts = 'lane' in trouble ? allOwners(who) : (who.owners.get(trouble.report) ?? []);
      return { ...wordsOf(trouble, now), to: reachable(texts, who.lanes, ill) };
    })
    .filter(({ to }) => to.length > 0);
}

export function allOwners({ owners }: Pick<Ownership, 'owners'>): string[] {
  return [...new Set([...owners.values()].flat())];
}

/** Owners in lanes that can send; when there is none, the others: they are told when their lane is well again. */
function reachable(texts: readonly string[], lanes: Lanes, ill: ReadonlySet<string>): Owner[] {
  const known = [...new Set(texts)].flatMap((text) => ownerOf(text, lanes) ?? []);
  const well = known.filter(({ rung }) => !ill.has(rung.lane));
  return well.length > 0 ? well : known;
}

function wordsOf(trouble: Trouble, now: Date): Omit<Notice, 'to'> {
  switch (trouble.kind) {
    case 'ended':
      return {
        id: `ended/${trouble.id}`,
        subject: `${trouble.report} ${trouble.slot} was not sent`,
        text: `${trouble.report} ${trouble.slot} was not sent: ${trouble.reason}.\n\nTo send it all the same: delivery run ${trouble.report} --date ${trouble.slot}`,
      };
    case 'failing':
      return {
        id: `failing/${trouble.id}`,
        subject: `${trouble.report} ${trouble.slot} cannot be made`,
        text: `${trouble.report} ${trouble.slot} failed again and again, and is still tried: ${trouble.reason}`,
      };
    case 'messages':
      return {
        id:
          trouble.state === 'bounced'
            ? `bounced/${trouble.id}/${doubled(trouble.count)}`
            : `${trouble.state}/${trouble.id}`,
        subject: `${trouble.report} ${trouble.slot}: ${trouble.count} messages ${trouble.state}`,
        text: `${trouble.count} messages of ${trouble.report} ${trouble.slot} ${trouble.state === 'bounced' ? 'came back' : `are ${trouble.state}`}: ${trouble.reason}.\n\n${adviceOn[trouble.state]}`,
      };
    case 'warning':
      return {
        // Told once a month as long as it lasts.
        id: `warning/${trouble.lane}/${now.toISOString().slice(0, 7)}`,
        subject: `${trouble.lane} will stop sending`,
        text: `${trouble.lane} still sends, but ${trouble.reason}.`,
      };
    case 'stopped':
      return {
        id: `stopped/${trouble.lane}/${trouble.since.toISOString()}`,
        subject: `Nothing can be sent by ${trouble.lane}`,
        text: `${trouble.lane} has stood still since ${trouble.since.toISOString()}: ${trouble.reason}.\n\nNothing goes by it until a person has done something.`,
      };
    case 'lane':
      return {
        id: `lane/${trouble.lane}/${trouble.since.toISOString()}`,
        subject: `Nothing can be sent by ${trouble.lane}`,
        text: `Nothing has gone by ${trouble.lane} since ${trouble.since.toISOString()}: ${trouble.reason}.\n\nWhat waits is kept and goes when it can; "delivery status" tells how much that is.`,
      };
  }
}

/** Bounces come one by one: they are told again each time there are twice as many, so ten thousand make 14 notices. */
function doubled(count: number): number {
  return 2 ** Math.floor(Math.log2(count));
}

const adviceOn = {
  expired: 'They were too late to be useful. "delivery run REPORT --date D --resend" sends them all the same.',
  failed: '"delivery status" names them; "delivery retry REPORT --date D" tries them again.',
  bounced:
    '"delivery status" names them. "delivery retry MESSAGE" sends one once more to the same address; with a new address, "delivery run REPORT --date D --recipient ID --resend".',
  held: 'They may have gone, and cannot be looked up. Look, and say so: delivery settle MESSAGE --sent, or --not-sent.',
} as const;

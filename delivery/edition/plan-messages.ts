import { type QuietHours, quietHoursIn } from '../people/quiet-hours.ts';
import { addressOf, type Recipient } from '../people/recipient.ts';
import type { LocaleFor } from '../report/locale.ts';
import type { Deliver, Format, Report } from '../report/schema.ts';
import type { Edition } from './edition.ts';
import type { Lane, Lanes } from './lane.ts';

/** A step of a message's ladder: tried when the step before surely failed. */
export interface Rung {
  readonly lane: string;
  readonly address: string;
  readonly split: Lane['split'];
  /** Bytes that a file may have: what has more goes in parts. */
  readonly limit?: number;
  /** Nothing is sent to the person in these hours. */
  readonly quiet?: QuietHours;
}

/** One edition to one recipient by one `deliver` entry: what will be a message when its files are there. */
export interface PlannedMessage {
  readonly edition: string;
  readonly entry: string;
  readonly recipient: Recipient;
  /** Of its words and files, where that is not the edition's own. */
  readonly locale?: string;
  readonly rungs: readonly Rung[];
  readonly attach: readonly Format[];
  readonly inline?: Format;
}

/** Somebody of the audience who gets nothing by an entry, and why. */
export interface LeftOut {
  readonly edition: string;
  readonly entry: string;
  readonly recipient: string;
  readonly reason: string;
}

export interface MessagePlan {
  readonly messages: readonly PlannedMessage[];
  readonly leftOut: readonly LeftOut[];
}

/** What planning takes besides a report's rows. */
export interface PlanTools {
  readonly lanes: Lanes;
  /** Its zone is that of quiet hours of people who have none of their own. */
  readonly project: { readonly timezone: string };
  /** By default every edition is read in its own locale. */
  readonly localeFor?: LocaleFor;
}

/**
 * Who gets what by which ladder. `audience` gives the people of an entry for an edition; a person named twice by one entry
 * counts once; rungs for which a person has no address are left out, and the person when none is left.
 */
export function planMessages(
  { deliver, formats }: Pick<Report, 'deliver' | 'formats'>,
  editions: readonly Edition[],
  audience: (entry: Deliver, edition: Edition) => readonly Recipient[],
  { lanes, project: { timezone }, localeFor = () => undefined }: PlanTools,
): MessagePlan {
  const messages: PlannedMessage[] = [];
  const leftOut: LeftOut[] = [];
  for (const edition of editions) {
    for (const entry of deliver) {
      for (const recipient of onceEach(audience(entry, edition))) {
        const rungs = entry.channel.flatMap((name) => rungOf(lanes.get(name), entry, recipient, timezone));
        if (rungs.length === 0) {
          const reason = `no address for ${entry.channel.join(' or ')}`;
          leftOut.push({ edition: edition.key, entry: entry.id, recipient: recipient.id, reason });
          continue;
        }
        const inline = entry.inline === undefined ? {} : { inline: entry.inline };
        const attach = wantedOf(entry.attach, formats, recipient.formats);
        const locale = localeFor(edition, recipient.locale);
        const wanted = { rungs, attach, ...inline, ...(locale === undefined ? {} : { locale }) };
        messages.push({ edition: edition.key, entry: entry.id, recipient, ...wanted });
      }
    }
  }
  return { messages, leftOut };
}

/** The files that an edition's messages carry: what has to be rendered, once for all of them. */
export interface WantedFiles {
  /** In the edition's own locale. */
  readonly formats: readonly Format[];
  /** Some of them are carried where a file has at most so many bytes, and in parts where it has more. */
  readonly within?: number;
  /** In others. */
  readonly variants?: readonly Variant[];
}

export interface Variant {
  readonly locale: string;
  readonly formats: readonly Format[];
  readonly within?: number;
}

export function filesOf(messages: readonly PlannedMessage[], edition: string): WantedFiles {
  const own = messages.filter((message) => message.edition === edition);
  const { '': common = { formats: [] }, ...others } = Object.fromEntries(
    [...Map.groupBy(own, ({ locale = '' }) => locale)].map(([locale, some]) => [locale, carriedBy(some)] as const),
  );
  const variants = Object.entries(others).map(([locale, wanted]) => ({ locale, ...wanted }));
  return variants.length === 0 ? common : { ...common, variants };
}

function carriedBy(messages: readonly PlannedMessage[]): Omit<WantedFiles, 'variants'> {
  const formats = messages.flatMap(({ attach, inline }) => (inline ? [...attach, inline] : attach));
  const limits = messages.flatMap(({ rungs }) => rungs.flatMap(({ limit }) => limit ?? []));
  const within = limits.length === 0 ? {} : { within: limits.reduce((least, one) => Math.min(least, one)) };
  return { formats: [...new Set(formats)], ...within };
}

/**
 * The files for somebody who wants certain formats: those of the entry's that are among them; else those that the report
 * has; else the entry's, since a file in another format is better than none. An entry without files stays without.
 */
function wantedOf(attach: readonly Format[], own: readonly Format[], wanted: readonly Format[] | undefined) {
  if (wanted === undefined || attach.length === 0) return attach;
  const choices = [attach, own].map((some) => some.filter((format) => wanted.includes(format)));
  return choices.find((some) => some.length > 0) ?? attach;
}

function rungOf(lane: Lane | undefined, entry: Deliver, recipient: Recipient, timezone: string): Rung[] {
  if (lane === undefined) return [];
  const address = addressOf(recipient, lane.address);
  if (address === undefined) return [];
  const { quiet_hours: quiet, timezone: own = timezone } = recipient;
  const { oversize = lane.links ? 'link' : 'split' } = entry;
  const limit = oversize === 'link' || lane.fileLimit === undefined ? {} : { limit: lane.fileLimit };
  const hours = quiet === undefined ? {} : { quiet: quietHoursIn(quiet, own) };
  return [{ lane: lane.name, address, split: lane.split, ...limit, ...hours }];
}

function onceEach(people: readonly Recipient[]): Recipient[] {
  return [...new Map(people.map((person) => [person.id, person])).values()];
}

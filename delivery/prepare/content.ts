import type { Edition } from '../edition/edition.ts';
import type { LeftOut, PlannedMessage, WantedFiles } from '../edition/plan-messages.ts';
import type { Dataset } from '../query/dataset.ts';
import type { Report } from '../report/schema.ts';
import type { CalendarDate } from '../slot/calendar-date.ts';
import type { ProjectFacts } from './queries.ts';

/** A message with its words, before its files are there. */
export interface WrittenMessage extends PlannedMessage {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly caption: string;
}

/** What concerns all of a slot's content: which run made it, when, from what. */
export interface ContentFacts {
  readonly run: string;
  /** ISO instant. */
  readonly madeAt: string;
  /** The report, and what of the project its pages show, as they were: later files are drawn as the earlier ones were. */
  readonly report?: Report;
  readonly project?: Pick<ProjectFacts, 'timezone' | 'vars'>;
  /** Its pages say that they are a test. */
  readonly test?: boolean;
  /** Hash of its dataset queries, and the builds they read from. */
  readonly queries?: string;
  readonly builds?: readonly string[];
  /** The day after the last for which the data was complete when it was read. */
  readonly dataUntil?: CalendarDate;
}

/** Which run makes it, when, from what. */
export interface Making extends Pick<ContentFacts, 'run' | 'test' | 'queries' | 'builds'> {
  readonly at: Date;
  readonly dataUntil?: CalendarDate | undefined;
}

/** The facts of a content that is being made of a report as it is now. */
export function factsOfMaking(report: Report, project: Pick<ProjectFacts, 'timezone' | 'vars'>, made: Making) {
  const { timezone, vars } = project;
  return {
    run: made.run,
    madeAt: made.at.toISOString(),
    report,
    project: { timezone, vars },
    ...(made.test ? { test: true } : {}),
    ...(made.queries === undefined ? {} : { queries: made.queries }),
    ...(made.builds === undefined ? {} : { builds: made.builds }),
    ...(made.dataUntil === undefined ? {} : { dataUntil: made.dataUntil }),
  } satisfies ContentFacts;
}

/** An edition and the files that its messages carry. */
export interface FrozenEdition extends WantedFiles {
  readonly edition: Edition;
}

/** Some editions that follow one another, with the datasets that they are cut from: their own rows and everybody's. */
export interface EditionChunk {
  readonly editions: readonly FrozenEdition[];
  readonly datasets: readonly Dataset[];
}

/** Some messages that follow one another, and who was left out between them. */
export interface MessageChunk {
  readonly messages: readonly WrittenMessage[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * All that a slot's messages are made of, read at one moment. It is what a slot is frozen to: whoever goes on after a
 * crash goes on from it and asks neither the warehouse nor the lists again. Ten thousand editions are never held at once:
 * they lie in the file store in chunks. Reading one throws `Fault` failed, which names it, when it is gone or damaged.
 */
export interface SlotContent {
  /** Its name in the file store. */
  readonly sha256: string;
  readonly facts: ContentFacts;
  /** Keys of its editions in their order. */
  readonly keys: readonly string[];
  editions(): AsyncIterable<EditionChunk>;
  messages(): AsyncIterable<MessageChunk>;
  /** Names in the file store of all that it consists of, its own among them. */
  readonly files: readonly string[];
}

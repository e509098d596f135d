import { createHash } from 'node:crypto';
import type { Database } from '#engine';
import { type Edition, whole } from '../edition/edition.ts';
import type { Lanes } from '../edition/lane.ts';
import { type LeftOut, type PlannedMessage, planMessages } from '../edition/plan-messages.ts';
import type { EditionFacts } from '../ledger/editions.ts';
import { recipientsFromRows } from '../people/from-rows.ts';
import type { Lists } from '../people/lists.ts';
import type { Recipient } from '../people/recipient.ts';
import type { Dataset, Datasets } from '../query/dataset.ts';
import { type QueryLimits, readDatasets } from '../query/read-datasets.ts';
import type { Deliver, Report } from '../report/schema.ts';
import type { Slot } from '../slot/slot.ts';
import type { Composed, Press } from './press.ts';
import type { ProjectFacts, SlotQueries } from './queries.ts';

/** A message with its words, before its files are there. */
export interface WrittenMessage extends PlannedMessage {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly caption: string;
}

/**
 * All that a slot's messages are made of, read at one moment. It is what a slot is frozen to: whoever goes on after a
 * crash goes on from it and asks neither the warehouse nor the lists again.
 */
export interface SlotContent {
  readonly version: 1;
  readonly run: string;
  /** ISO instant. */
  readonly madeAt: string;
  /** Its pages say that they are a test. */
  readonly test?: boolean;
  /** Hash of its dataset queries, and the builds they read from. */
  readonly queries?: string;
  readonly builds?: readonly string[];
  readonly datasets: readonly Dataset[];
  readonly editions: readonly Edition[];
  readonly messages: readonly WrittenMessage[];
  readonly leftOut: readonly LeftOut[];
}

/** Which run makes it, when, from what. */
export interface Making extends Pick<SlotContent, 'run' | 'test' | 'queries' | 'builds'> {
  readonly at: Date;
}

export interface ContentTools {
  readonly warehouse: Database;
  readonly press: Press;
  readonly project: ProjectFacts;
  readonly lists: Lists;
  readonly lanes: Lanes;
  readonly limits: QueryLimits;
}

/** Reads and writes down a slot's content: datasets and audiences in one snapshot, editions, who gets them, their words. */
export async function makeContent(
  tools: ContentTools,
  report: Report,
  slot: Slot,
  queries: SlotQueries,
  made: Making,
  signal: AbortSignal,
): Promise<SlotContent> {
  const { press, project, lists, lanes } = tools;
  const audienceName = (id: string) => `recipients of ${id}`;
  const asked = [...queries.datasets, ...queries.audiences.map(({ name, sql }) => ({ name: audienceName(name), sql }))];
  const read = await readDatasets(tools.warehouse, asked, tools.limits, signal);
  const datasets: Datasets = new Map(
    queries.datasets.flatMap(({ name }) => {
      const dataset = read.get(name);
      return dataset ? [[name, dataset] as const] : [];
    }),
  );
  const audience = new Map<string, readonly Recipient[]>();
  for (const { id, to } of report.deliver) {
    if ('list' in to) audience.set(id, lists.get(to.list) ?? []);
    else audience.set(id, recipientsFromRows(recordsOf(read.get(audienceName(id))), to.query));
  }
  const { messages, leftOut } = planMessages(report.deliver, [whole], audience, lanes);
  const facts = {
    slot,
    timezone: project.timezone,
    vars: project.vars,
    run: made.run,
    madeAt: made.at,
    test: made.test ?? false,
  };
  const composed = press.compose(report, datasets, facts);
  const entries = new Map(report.deliver.map((entry) => [entry.id, entry]));
  return {
    version: 1,
    run: made.run,
    madeAt: made.at.toISOString(),
    ...(made.test ? { test: true } : {}),
    ...(made.queries === undefined ? {} : { queries: made.queries }),
    ...(made.builds === undefined ? {} : { builds: made.builds }),
    datasets: [...datasets.values()],
    editions: [whole],
    messages: messages.map((message) => ({ ...message, ...wordsOf(entries.get(message.entry), composed, message) })),
    leftOut,
  };
}

export function datasetsOf(content: SlotContent): Datasets {
  return new Map(content.datasets.map((dataset) => [dataset.name, dataset]));
}

/** No dataset has a row. */
export function isEmpty(content: SlotContent): boolean {
  return content.datasets.every(({ rows }) => rows.length === 0);
}

/** The same for the same rows, in whatever order the warehouse gave them. */
export function rowsHash(content: SlotContent): string {
  const hash = createHash('sha256');
  for (const { name, columns, rows } of content.datasets) {
    hash.update(JSON.stringify([name, columns]));
    for (const row of rows.map((cells) => JSON.stringify(cells)).sort()) hash.update(row);
  }
  return hash.digest('hex');
}

/** What is kept of an edition to compare with later. */
export function editionFacts(content: SlotContent, figures: Composed['figures']): EditionFacts {
  const shown = Object.entries(figures).map(([name, cell]) => [name, cell === null ? null : String(cell)] as const);
  const { queries, builds } = content;
  return {
    rowsSha256: rowsHash(content),
    headline: Object.fromEntries(shown),
    ...(queries === undefined ? {} : { queriesSha256: queries }),
    ...(builds === undefined ? {} : { builds }),
  };
}

/** What an entry says, else the title: a message always says what it is. */
function wordsOf(
  entry: Deliver | undefined,
  composed: Composed,
  { recipient, edition, inline }: PlannedMessage,
): Pick<WrittenMessage, 'subject' | 'text' | 'html' | 'caption'> {
  const more = { recipient: { id: recipient.id, name: recipient.name ?? recipient.id }, edition };
  const words = (template: string | undefined) =>
    template === undefined ? composed.title : composed.words(template, more);
  const text = words(entry?.body);
  const html = composed.mail(text, inline !== undefined);
  return { subject: words(entry?.subject), text, html, caption: words(entry?.caption) };
}

function recordsOf(dataset: Dataset | undefined): Record<string, unknown>[] {
  if (dataset === undefined) return [];
  const names = dataset.columns.map(({ name }) => name);
  return dataset.rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])));
}

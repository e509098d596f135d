import { createHash } from 'node:crypto';
import { type Database, Fault } from '#engine';
import type { Edition } from '../edition/edition.ts';
import { editionsOf, openCut } from '../edition/for-each.ts';
import type { Lanes } from '../edition/lane.ts';
import { type LeftOut, type PlannedMessage, planMessages } from '../edition/plan-messages.ts';
import type { EditionFacts } from '../ledger/editions.ts';
import { recipientsFromRows } from '../people/from-rows.ts';
import type { Lists } from '../people/lists.ts';
import type { Recipient } from '../people/recipient.ts';
import type { Dataset, Datasets } from '../query/dataset.ts';
import { type QueryLimits, readDatasets } from '../query/read-datasets.ts';
import type { Deliver, Report } from '../report/schema.ts';
import type { CalendarDate } from '../slot/calendar-date.ts';
import type { Slot } from '../slot/slot.ts';
import { checkColumns } from './check-columns.ts';
import type { Composed, Press } from './press.ts';
import { allOf, type ProjectFacts, type SlotQueries } from './queries.ts';

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
  readonly datasets: readonly Dataset[];
  readonly editions: readonly Edition[];
  readonly messages: readonly WrittenMessage[];
  readonly leftOut: readonly LeftOut[];
}

/** Which run makes it, when, from what. */
export interface Making extends Pick<SlotContent, 'run' | 'test' | 'queries' | 'builds'> {
  readonly at: Date;
  readonly dataUntil?: CalendarDate | undefined;
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
  const placed = allOf(queries).map((query) => ({ ...query, sql: project.placed(query.sql) }));
  const read = await readDatasets(tools.warehouse, placed, tools.limits, signal);
  const datasets: Datasets = new Map(
    queries.datasets.flatMap(({ name }) => {
      const dataset = read.get(name);
      return dataset ? [[name, dataset] as const] : [];
    }),
  );
  checkColumns(report, datasets);
  const editions = editionsOf(report, read.get('for_each'));
  const { messages, leftOut } = planMessages(report.deliver, editions, audienceOf(report, read, lists), lanes);
  const dataUntil = made.dataUntil === undefined ? {} : { dataUntil: made.dataUntil };
  const { timezone, vars } = project;
  const facts = { slot, timezone, vars, run: made.run, madeAt: made.at, test: made.test ?? false, ...dataUntil };
  const cut = openCut(report, datasets);
  // One edition's document at a time: its messages stand together, and ten thousand documents would fill the memory.
  const documents = lastOf((edition: Edition) => press.compose(report, cut(edition), { ...facts, edition }));
  const byKey = new Map(editions.map((edition) => [edition.key, edition]));
  return {
    version: 1,
    run: made.run,
    madeAt: made.at.toISOString(),
    report,
    project: { timezone, vars },
    ...(made.test ? { test: true } : {}),
    ...(made.queries === undefined ? {} : { queries: made.queries }),
    ...(made.builds === undefined ? {} : { builds: made.builds }),
    ...dataUntil,
    datasets: [...datasets.values()],
    editions,
    messages: messages.flatMap((message) => {
      const edition = byKey.get(message.edition);
      return edition ? [{ ...message, ...wordsOf(report, documents(edition), message) }] : [];
    }),
    leftOut,
  };
}

/** Makes something of a thing and keeps it until it is asked of another. */
function lastOf<A, B>(make: (of: A) => B): (of: A) => B {
  let last: { readonly of: A; readonly made: B } | undefined;
  return (of) => {
    if (last?.of !== of) last = { of, made: make(of) };
    return last.made;
  };
}

/**
 * Who an entry sends an edition to. A query with the key's column names the people of each edition; who is to get every
 * edition has `editions: all`. Throws `Fault` invalid where neither says who gets which.
 */
function audienceOf({ deliver, for_each: each, path }: Report, read: Datasets, lists: Lists) {
  const people = new Map<string, (key: string) => readonly Recipient[]>(
    deliver.map(({ id, to }) => {
      if ('list' in to) return [id, () => lists.get(to.list) ?? []] as const;
      const found = read.get(`recipients of ${id}`);
      const rows = recordsOf(found);
      const column = each?.edition_key;
      const byEdition = column !== undefined && found?.columns.some(({ name }) => name === column);
      if (!byEdition && each && to.editions !== 'all') {
        throw new Fault('invalid', `deliver "${id}": ${to.query} does not say by ${column} who gets which edition`, {
          place: { file: path },
          hint: `Let it return ${column}, or write editions: all if everybody in it is to get every edition.`,
        });
      }
      if (!byEdition || column === undefined) {
        const all = recipientsFromRows(rows, to.query);
        return [id, () => all] as const;
      }
      const byKey = Map.groupBy(rows, (row) => String(row[column] ?? '').trim());
      return [id, (key: string) => recipientsFromRows(byKey.get(key) ?? [], to.query)] as const;
    }),
  );
  return (entry: Deliver, edition: Edition): readonly Recipient[] => people.get(entry.id)?.(edition.key) ?? [];
}

export function datasetsOf(content: SlotContent): Datasets {
  return new Map(content.datasets.map((dataset) => [dataset.name, dataset]));
}

/** There is no edition, or no dataset has a row. */
export function isEmpty(content: SlotContent): boolean {
  if (content.editions.length === 0) return true;
  return content.datasets.length > 0 && content.datasets.every(({ rows }) => rows.length === 0);
}

/** The same for the same rows, in whatever order the warehouse gave them. */
export function rowsHash(edition: Edition, datasets: Datasets): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(edition));
  for (const { name, columns, rows } of datasets.values()) {
    hash.update(JSON.stringify([name, columns]));
    for (const row of rows.map((cells) => JSON.stringify(cells)).sort()) hash.update(row);
  }
  return hash.digest('hex');
}

/** What is kept of an edition to compare with later; `own` are the rows that it has of the slot's datasets. */
export function editionFacts(
  content: SlotContent,
  edition: Edition,
  own: Datasets,
  { figures }: Pick<Composed, 'figures'>,
): EditionFacts {
  const shown = Object.entries(figures).map(([name, cell]) => [name, cell === null ? null : String(cell)] as const);
  const { queries, builds } = content;
  return {
    rowsSha256: rowsHash(edition, own),
    headline: Object.fromEntries(shown),
    ...(queries === undefined ? {} : { queriesSha256: queries }),
    ...(builds === undefined ? {} : { builds }),
  };
}

/** What an entry says, else the title: a message always says what it is. */
function wordsOf(
  report: Report,
  composed: Composed,
  { entry: id, recipient, inline }: PlannedMessage,
): Pick<WrittenMessage, 'subject' | 'text' | 'html' | 'caption'> {
  const more = { recipient: { id: recipient.id, name: recipient.name ?? recipient.id } };
  const at = report.deliver.findIndex((entry) => entry.id === id);
  const words = (key: 'subject' | 'body' | 'caption') => {
    const template = report.deliver[at]?.[key];
    if (template === undefined) return composed.title;
    return placed(report, ['deliver', at, key], () => composed.words(template, more));
  };
  const text = words('body');
  const html = composed.mail(text, inline !== undefined);
  return { subject: words('subject'), text, html, caption: words('caption') };
}

/** A template in report.yml knows its own lines; a person looks for the file's. */
function placed<T>(report: Report, path: readonly PropertyKey[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Fault) || error.place?.file !== report.path || report.placeOf === undefined) throw error;
    const { code, message, hint, cause } = error;
    const place = { file: report.path, ...report.placeOf(path) };
    throw new Fault(code, message, { place, cause, ...(hint === undefined ? {} : { hint }) });
  }
}

function recordsOf(dataset: Dataset | undefined): Record<string, unknown>[] {
  if (dataset === undefined) return [];
  const names = dataset.columns.map(({ name }) => name);
  return dataset.rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])));
}

import { createHash } from 'node:crypto';
import { Fault } from '#engine';
import type { Edition } from '../edition/edition.ts';
import type { PlannedMessage } from '../edition/plan-messages.ts';
import type { EditionFacts } from '../ledger/editions.ts';
import type { Datasets } from '../query/dataset.ts';
import type { Report } from '../report/schema.ts';
import type { Slot } from '../slot/slot.ts';
import type { ContentFacts, WrittenMessage } from './content.ts';
import type { Composed, Press } from './press.ts';
import type { ProjectFacts } from './queries.ts';

export interface ComposeTools {
  readonly press: Press;
  readonly project: Pick<ProjectFacts, 'timezone' | 'vars'>;
}

/** Composes an edition of a slot from its own rows, in its own locale or another. Throws `Fault` invalid where the report names what is not there. */
export type ComposeEdition = (edition: Edition, own: Datasets, locale?: string) => Composed;

export function openComposing(
  { press, project }: ComposeTools,
  report: Report,
  slot: Slot,
  content: ContentFacts,
): ComposeEdition {
  const { timezone, vars } = content.project ?? project;
  const { run, dataUntil, test = false } = content;
  const madeAt = new Date(content.madeAt);
  const facts = { slot, timezone, vars, run, madeAt, test, ...(dataUntil === undefined ? {} : { dataUntil }) };
  return (edition, own, locale) => {
    return press.compose(report, own, { ...facts, edition, ...(locale === undefined ? {} : { locale }) });
  };
}

/** An edition by locale, composed once in each that is asked for. */
export function openVariants(compose: ComposeEdition, edition: Edition, own: Datasets) {
  const composed = new Map<string | undefined, Composed>();
  return (locale?: string): Composed => {
    const one = composed.get(locale) ?? compose(edition, own, locale);
    composed.set(locale, one);
    return one;
  };
}

/** A message with its words: what its entry says, else the title, so that it always says what it is. */
export function writeMessage(report: Report, composed: Composed, message: PlannedMessage): WrittenMessage {
  const { entry: id, recipient, inline } = message;
  const more = { recipient: { id: recipient.id, name: recipient.name ?? recipient.id } };
  const at = report.deliver.findIndex((entry) => entry.id === id);
  const words = (key: 'subject' | 'body' | 'caption') => {
    const template = report.deliver[at]?.[key];
    if (template === undefined) return composed.title;
    return placed(report, ['deliver', at, key], () => composed.words(template, more));
  };
  const text = words('body');
  const html = composed.mail(text, inline !== undefined);
  return { ...message, subject: words('subject'), text, html, caption: words('caption') };
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

/** What is kept of an edition to compare with later; `own` are the rows that it has of the slot's datasets. */
export function editionFacts(
  { queries, builds }: Pick<ContentFacts, 'queries' | 'builds'>,
  edition: Edition,
  own: Datasets,
  { figures }: Pick<Composed, 'figures'>,
): EditionFacts {
  const shown = Object.entries(figures).map(([name, cell]) => [name, cell === null ? null : String(cell)] as const);
  return {
    rowsSha256: rowsHash(edition, own),
    headline: Object.fromEntries(shown),
    ...(queries === undefined ? {} : { queriesSha256: queries }),
    ...(builds === undefined ? {} : { builds }),
  };
}

/** The same for the same rows, in whatever order the warehouse gave them. */
function rowsHash(edition: Edition, datasets: Datasets): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(edition));
  for (const { name, columns, rows } of datasets.values()) {
    hash.update(JSON.stringify([name, columns]));
    for (const row of rows.map((cells) => JSON.stringify(cells)).sort()) hash.update(row);
  }
  return hash.digest('hex');
}

import type { Database } from '#engine';
import type { Edition } from '../edition/edition.ts';
import { editionsOf, openCut } from '../edition/for-each.ts';
import { type LeftOut, type PlannedMessage, type PlanTools, planMessages } from '../edition/plan-messages.ts';
import type { SlotLimits } from '../ledger/slot.ts';
import type { Lists } from '../people/lists.ts';
import type { Datasets } from '../query/dataset.ts';
import { type QueryLimits, readDatasets } from '../query/read-datasets.ts';
import { openLocales } from '../report/locale.ts';
import type { Report } from '../report/schema.ts';
import { type Audience, audienceOf } from './audience.ts';
import { checkColumns } from './check-columns.ts';
import { limitedEditions, openLimit } from './limits.ts';
import { allOf, type ProjectFacts, type SlotQueries } from './queries.ts';

export interface ReadTools {
  readonly warehouse: Database;
  readonly project: ProjectFacts;
  readonly lists: Lists;
  readonly limits: QueryLimits;
}

/** A slot's rows and people, all of one moment, held until it is written down what is made of them. */
export interface SlotRows {
  readonly datasets: Datasets;
  readonly editions: readonly Edition[];
  readonly audience: Audience;
}

/** Reads datasets, editions and audiences in one snapshot. Throws `Fault` where they are not what the report needs. */
export async function readSlot(
  tools: ReadTools,
  report: Report,
  queries: SlotQueries,
  signal: AbortSignal,
): Promise<SlotRows> {
  const placed = allOf(queries).map((query) => ({ ...query, sql: tools.project.placed(query.sql) }));
  const read = await readDatasets(tools.warehouse, placed, tools.limits, signal);
  const datasets: Datasets = new Map(
    queries.datasets.flatMap(({ name }) => {
      const dataset = read.get(name);
      return dataset ? [[name, dataset] as const] : [];
    }),
  );
  checkColumns(report, datasets);
  const editions = editionsOf(report, read.get('for_each'));
  return { datasets, editions, audience: audienceOf(report, read, tools.lists) };
}

/** There is no edition, or no dataset has a row. */
export function isEmpty({ editions, datasets }: Pick<SlotRows, 'editions' | 'datasets'>): boolean {
  if (editions.length === 0) return true;
  return datasets.size > 0 && [...datasets.values()].every(({ rows }) => rows.length === 0);
}

/** An edition with its rows and who gets it. */
export interface PlannedEdition {
  readonly edition: Edition;
  readonly own: Datasets;
  readonly messages: readonly PlannedMessage[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * The editions that a slot is limited to, one when it is asked for. Throws `Fault` invalid where a dataset does not say
 * whose its rows are, and, at the end, when the person it is limited to is not among the recipients.
 */
export function* planEditions(
  report: Report,
  { datasets, editions, audience }: SlotRows,
  { lanes, project }: Omit<PlanTools, 'project'> & { readonly project: Pick<ProjectFacts, 'timezone' | 'vars'> },
  limits: SlotLimits = {},
): Generator<PlannedEdition> {
  const cut = openCut(report, datasets);
  const limit = openLimit(limits);
  const currency = report.currency ?? project.vars['currency'];
  const localeFor = openLocales(report, currency === undefined ? undefined : String(currency));
  for (const edition of limitedEditions(editions, limits)) {
    const plan = planMessages(report, [edition], audience, { lanes, project, localeFor });
    yield { edition, own: cut(edition), ...limit.keep(plan) };
  }
  limit.end();
}

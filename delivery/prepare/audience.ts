import { Fault } from '#engine';
import type { Edition } from '../edition/edition.ts';
import { recipientsFromRows } from '../people/from-rows.ts';
import type { Lists } from '../people/lists.ts';
import type { Recipient } from '../people/recipient.ts';
import type { Dataset, Datasets } from '../query/dataset.ts';
import type { Deliver, Report } from '../report/schema.ts';

/** Whom an entry sends an edition to. */
export type Audience = (entry: Deliver, edition: Edition) => readonly Recipient[];

/**
 * Whom the entries of a report send its editions to. A query with the key's column names the people of each edition; who is
 * to get every edition has `editions: all`. Throws `Fault` invalid where neither says who gets which.
 */
export function audienceOf({ deliver, for_each: each, path }: Report, read: Datasets, lists: Lists): Audience {
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
  return (entry, edition) => people.get(entry.id)?.(edition.key) ?? [];
}

function recordsOf(dataset: Dataset | undefined): Record<string, unknown>[] {
  if (dataset === undefined) return [];
  const names = dataset.columns.map(({ name }) => name);
  return dataset.rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])));
}

import { didYouMean, Fault } from '#engine';
import type { Dataset, Datasets } from '../query/dataset.ts';
import type { Report } from '../report/schema.ts';
import { type Edition, whole } from './edition.ts';

/**
 * The editions of a report, one for each row of its `for_each` query, in the query's order. Throws `Fault` failed for a key
 * that is empty or stands twice: two letters under one key would be one message.
 */
export function editionsOf({ for_each: each }: Report, rows: Dataset | undefined): readonly Edition[] {
  if (each === undefined || rows === undefined) return [whole];
  const names = rows.columns.map(({ name }) => name);
  const keyAt = indexOf(names, each.edition_key, each.query);
  const localeAt = each.locale === undefined ? undefined : indexOf(names, each.locale, each.query);
  const seen = new Set<string>();
  return rows.rows.map((row, index) => {
    const key = String(row[keyAt] ?? '').trim();
    const say = (what: string) => new Fault('failed', `${each.query}, row ${index + 1}: ${each.edition_key} ${what}`);
    if (key === '') throw say('is empty');
    if (seen.has(key)) throw say(`"${key}" stands twice`);
    seen.add(key);
    const locale = localeAt === undefined ? null : (row[localeAt] ?? null);
    const fields = Object.fromEntries(names.map((name, at) => [name, row[at] ?? null]));
    return { key, ...(locale === null ? {} : { locale: String(locale) }), fields };
  });
}

/**
 * Cuts datasets to an edition: those with the key's column to its rows; the others are everybody's, if report.yml says so.
 * Throws `Fault` invalid where it does not: nobody is shown another edition's rows because a query forgot a column.
 */
export function openCut(
  report: Pick<Report, 'for_each' | 'datasets' | 'path'>,
  datasets: Datasets,
): (edition: Edition) => Datasets {
  const column = report.for_each?.edition_key;
  if (column === undefined) return () => datasets;
  for (const [name, { columns }] of datasets)
    if (report.datasets[name]?.editions !== 'all' && columns.every((one) => one.name !== column))
      throw new Fault('invalid', `dataset "${name}" does not say by ${column} which rows are whose`, {
        place: { file: report.path },
        hint: `Let it return ${column}, or write editions: all if every edition is to show all of it.`,
      });
  const groups = new Map([...datasets].map(([name, dataset]) => [name, rowsByKey(dataset, column)]));
  return ({ key }) =>
    new Map(
      [...datasets].map(([name, dataset]) => {
        const own = groups.get(name);
        return [name, own === undefined ? dataset : { ...dataset, rows: own.get(key) ?? [] }];
      }),
    );
}

function rowsByKey({ columns, rows }: Dataset, column: string): ReadonlyMap<string, Dataset['rows']> | undefined {
  const at = columns.findIndex(({ name }) => name === column);
  return at < 0 ? undefined : Map.groupBy(rows, (row) => String(row[at] ?? '').trim());
}

function indexOf(names: readonly string[], name: string, query: string): number {
  const index = names.indexOf(name);
  if (index >= 0) return index;
  const hint = didYouMean(name, names);
  throw new Fault('invalid', `${query} has no column "${name}"`, hint ? { hint } : {});
}

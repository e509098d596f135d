import type { Report, TableSpec } from '../report/schema.ts';
import type { Chart, Document, Table } from './document.ts';
import { showNumber, unknownMark } from './number.ts';
import { phrasesOf } from './phrases.ts';
import { figureAt, showFigure } from './present.ts';

/** A line for each column whose meaning report.yml gives, each once; titles and notes are templates. */
export function definitionNotes(report: Report, fill: (text: string) => string): readonly string[] {
  const specs = report.document.flatMap((block): TableSpec[] =>
    block !== 'page_break' && 'table' in block ? [block.table] : [],
  );
  const lines = specs.flatMap((spec) =>
    (spec.columns ?? []).flatMap(({ name, title, note }) =>
      note === undefined ? [] : [`${fill(title ?? name)}: ${fill(note)}`],
    ),
  );
  return [...new Set(lines)];
}

/** Says of each table where a dash stands and why, and how many rows its cut leaves out of the pages. */
export function tableNotes(
  table: Table,
  { locale, workbook }: Pick<Document, 'locale' | 'workbook'>,
): readonly string[] {
  const show = (count: number) => showNumber(String(count), { decimals: 0 }, locale);
  const phrases = phrasesOf(locale);
  const shownRows = table.rows.slice(0, table.shown);
  const cut = shownRows.length < table.rows.length;
  const dashes = table.columns.flatMap((column, index) => {
    const rule = column.rule;
    const reason = rule.kind === 'number' || rule.kind === 'growth' ? rule.unknown : undefined;
    if (column.hidden || reason === undefined) return [];
    const isDash = (row: Table['rows'][number]) => showFigure(figureAt(table, row, index), locale).text === unknownMark;
    const all = table.rows.filter(isDash).length;
    if (all === 0) return [];
    const count = shownRows.filter(isDash).length;
    const words = cut
      ? phrases.dashesOfShown(show(count), show(all), reason)
      : phrases.dashes(show(all), all === 1, reason);
    return [`${table.title}, ${column.title}: ${words}`];
  });
  if (!cut) return dashes;
  return [...dashes, `${table.title}: ${phrases.cut(show(shownRows.length), show(table.rows.length), workbook)}`];
}

/** Says of a chart that it had room for the first points only. */
export function chartNotes({ title, points, firstOf }: Chart, { locale }: Pick<Document, 'locale'>): readonly string[] {
  const show = (count: number) => showNumber(String(count), { decimals: 0 }, locale);
  return firstOf === undefined ? [] : [`${title}: ${phrasesOf(locale).cut(show(points.length), show(firstOf), false)}`];
}

import type { Report, TableSpec } from '../report/schema.ts';
import type { Document, Table } from './document.ts';
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
  const rows = table.rows.slice(0, table.shown);
  const dashes = table.columns.flatMap((column, index) => {
    const rule = column.rule;
    const reason = rule.kind === 'number' || rule.kind === 'growth' ? rule.unknown : undefined;
    if (column.hidden || reason === undefined) return [];
    const count = rows.filter((row) => showFigure(figureAt(table, row, index), locale).text === unknownMark).length;
    return count === 0 ? [] : [`${table.title}, ${column.title}: ${phrases.dashes(show(count), count === 1, reason)}`];
  });
  if (rows.length === table.rows.length) return dashes;
  return [...dashes, `${table.title}: ${phrases.cut(show(rows.length), show(table.rows.length), workbook)}`];
}

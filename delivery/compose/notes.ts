import type { Report, TableSpec } from '../report/schema.ts';
import type { Document, Table } from './document.ts';
import { showNumber, unknownMark } from './number.ts';
import { figureAt, showFigure } from './present.ts';

/** A line for each column whose meaning report.yml gives, each once. */
export function definitionNotes(report: Report): readonly string[] {
  const specs = report.document.flatMap((block): TableSpec[] =>
    block !== 'page_break' && 'table' in block ? [block.table] : [],
  );
  const lines = specs.flatMap((spec) =>
    (spec.columns ?? []).flatMap(({ name, title, note }) => (note === undefined ? [] : [`${title ?? name}: ${note}`])),
  );
  return [...new Set(lines)];
}

/** Says of each table where a dash stands and why, and how many rows its cut leaves out. */
export function tableNotes(table: Table, document: Pick<Document, 'locale'>): readonly string[] {
  const show = (count: number) => showNumber(String(count), { decimals: 0 }, document.locale);
  const dashes = table.columns.flatMap((column, index) => {
    const rule = column.rule;
    const reason = rule.kind === 'number' || rule.kind === 'growth' ? rule.unknown : undefined;
    if (column.hidden || reason === undefined) return [];
    const count = table.rows.filter(
      (row) => showFigure(figureAt(table, row, index), document.locale).text === unknownMark,
    ).length;
    return count === 0
      ? []
      : [
          `${table.title}, ${column.title}: ${unknownMark} in ${count === 1 ? '1 row' : `${show(count)} rows`}: ${reason}.`,
        ];
  });
  if (table.rows.length === table.of) return dashes;
  return [...dashes, `${table.title}: the first ${show(table.rows.length)} of ${show(table.of)} are shown.`];
}

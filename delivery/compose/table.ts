import type { Cell, Dataset } from '../query/dataset.ts';
import type { ColumnSpec, Report, TableSpec } from '../report/schema.ts';
import { growthOf, parseDecimal, toText } from './decimal.ts';
import type { Table, TableColumn, TotalLine } from './document.ts';
import { columnIndex, total } from './evaluate.ts';
import { isNumeric, ruleFor, unitOf } from './rule.ts';

/** What the columns of a table are written with: the project's currency, and `fill` for titles that are templates. */
export interface TableWriting {
  readonly currency: string | undefined;
  readonly fill: (text: string) => string;
}

/** A dataset as a table of the document: columns chosen, rules found, shown rows counted, totalled exactly. */
export function composeTable(spec: TableSpec, dataset: Dataset, report: Report, writing: TableWriting): Table {
  const shown = spec.columns ?? dataset.columns.map(({ name }): ColumnSpec => ({ name }));
  const names = shown.map((column) => column.name);
  const growths = new Map(names.flatMap((name) => growthSource(name, spec, report)));
  const needed = [...growths.values()].flatMap(({ base, of }) => [base, of]).filter((name) => name !== undefined);
  const hidden = [...new Set(needed)].filter((name) => !names.includes(name));
  const all = [...names, ...hidden];

  const at = all.map((name) => columnIndex(dataset, name));
  const place = (name: string | undefined) => (name === undefined ? undefined : all.indexOf(name));
  const columns = [...shown, ...hidden.map((name): ColumnSpec => ({ name }))].map((column, index): TableColumn => {
    const source = dataset.columns[at[index] ?? -1] ?? { name: column.name, type: 'text' };
    const rule = ruleFor(spec.format[column.name]?.rule, source, report.rules, { ...writing, ...column });
    const growth = growths.get(column.name);
    const [base, of] = [place(growth?.base), place(growth?.of)];
    const unit = unitOf(rule);
    return {
      name: column.name,
      title: writing.fill(column.title ?? titleOf(column.name)),
      ...(unit === undefined ? {} : { unit }),
      type: source.type,
      rule,
      align: column.align ?? (isNumeric(source.type) ? 'right' : 'left'),
      hidden: index >= shown.length,
      ...(base === undefined ? {} : { base }),
      ...(of === undefined ? {} : { of }),
    };
  });

  const rows = dataset.rows.map((row) => at.map((index) => row[index] ?? null));
  const shownRows = Math.min(spec.top ?? rows.length, rows.length);
  const line = (kind: TotalLine['kind'], of: readonly (readonly Cell[])[]): TotalLine => ({
    kind,
    cells: totalsOf(columns, of, spec.total ?? []),
  });
  const totals =
    spec.total === undefined || rows.length === 0
      ? []
      : shownRows < rows.length
        ? [line('shown', rows.slice(0, shownRows)), line('all', rows)]
        : [line('all', rows)];
  return {
    name: dataset.name,
    role: 'data',
    title: writing.fill(spec.title ?? titleOf(dataset.name)),
    columns,
    rows,
    shown: shownRows,
    groups: [],
    totals,
  };
}

/** Which columns a growth was computed from: as the table says, else as its rule does. */
function growthSource(
  name: string,
  spec: TableSpec,
  report: Report,
): [string, { readonly base: string | undefined; readonly of: string | undefined }][] {
  const format = spec.format[name];
  const rule = format === undefined ? undefined : report.rules[format.rule];
  if (format === undefined || rule?.kind !== 'growth') return [];
  return [[name, { base: format.base ?? rule.base, of: format.of ?? rule.of }]];
}

/**
 * One line of totals, from exact sums: a growth is that of the summed columns, never a sum of growths. Columns that a
 * growth needs are summed too, so that its colour can be told; others are blank.
 */
function totalsOf(
  columns: readonly TableColumn[],
  rows: readonly (readonly Cell[])[],
  wanted: readonly string[],
): readonly Cell[] {
  const sum = (index: number | undefined) =>
    index === undefined ? null : total(rows.map((row) => row[index] ?? null));
  return columns.map((column, index) => {
    if (!wanted.includes(column.name) && !column.hidden) return '';
    if (column.rule.kind !== 'growth') return isNumeric(column.type) ? sum(index) : '';
    const [now, before] = [sum(column.of), sum(column.base)];
    if (now === null || before === null) return null;
    const growth = growthOf(parseDecimal(now), parseDecimal(before));
    return growth ? toText(growth) : null;
  });
}

/** `previous_sum_7d` -> `Previous sum 7d`. */
export function titleOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

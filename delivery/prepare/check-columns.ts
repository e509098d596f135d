import { didYouMean, Fault, type Problem } from '#engine';
import type { Datasets } from '../query/dataset.ts';
import { type Expression, parseExpression } from '../report/expression.ts';
import type { BlockSpec, Report } from '../report/schema.ts';

/** A column that report.yml names, and where it does. */
interface NamedColumn {
  readonly dataset: string;
  readonly column: string;
  readonly path: readonly PropertyKey[];
}

/**
 * Columns that a report names and that its datasets do not have, each at its line: what they have is known only when their
 * queries have run. Throws `Fault` invalid with all of them.
 */
export function checkColumns(report: Report, datasets: Datasets): void {
  const problems = columnsNamed(report).flatMap(({ dataset, column, path }): Problem[] => {
    const names = datasets.get(dataset)?.columns.map(({ name }) => name);
    if (names === undefined || names.includes(column)) return [];
    const place = { file: report.path, ...report.placeOf?.(path) };
    const message = `dataset "${dataset}" has no column "${column}"`;
    const hint = didYouMean(column, names) ?? `It has ${names.join(', ')}.`;
    return [{ ...place, severity: 'error', code: 'unknown-column', message, hint }];
  });
  if (problems.length > 0) throw new Fault('invalid', `the report ${report.name} is not right`, { problems });
}

/** The columns of its datasets that a report names, each at its line. */
export function columnsAsked(report: Report) {
  return columnsNamed(report).map(({ dataset, column, path }) => ({
    query: dataset,
    column,
    place: { file: report.path, ...report.placeOf?.(path) },
  }));
}

function columnsNamed({ headline, document }: Report): NamedColumn[] {
  return [
    ...Object.entries(headline).flatMap(([name, { value, change, trend }]) => {
      const [dataset, column] = trend?.split('.') ?? [];
      return [
        ...inFigure(value, ['headline', name, 'value']),
        ...inFigure(change, ['headline', name, 'change']),
        ...(dataset && column ? [{ dataset, column, path: ['headline', name, 'trend'] }] : []),
      ];
    }),
    ...document.flatMap((block, index) => inBlock(block, ['document', index])),
  ];
}

function inBlock(block: BlockSpec, path: readonly PropertyKey[]): NamedColumn[] {
  if (block === 'page_break') return [];
  if ('table' in block) {
    const { data: dataset, columns = [], total = [], format } = block.table;
    // Of a table that names its columns the rest was compared with those names when the report was read.
    if (columns.length > 0)
      return columns.map(({ name: column }, at) => ({
        dataset,
        column,
        path: [...path, 'table', 'columns', at, 'name'],
      }));
    return [
      ...total.map((column, at) => ({ dataset, column, path: [...path, 'table', 'total', at] })),
      ...Object.keys(format).map((column) => ({ dataset, column, path: [...path, 'table', 'format', column] })),
    ];
  }
  if ('movers' in block) {
    const { data: dataset, ...keys } = block.movers;
    return (['name', 'now', 'before'] as const).map((key) => ({
      dataset,
      column: keys[key],
      path: [...path, 'movers', key],
    }));
  }
  if ('chart' in block) {
    const { data: dataset, x, y } = block.chart;
    return [
      { dataset, column: x, path: [...path, 'chart', 'x'] },
      { dataset, column: y, path: [...path, 'chart', 'y'] },
    ];
  }
  if (!('kpis' in block)) return [];
  return block.kpis.flatMap((tile, at) =>
    (['value', 'change', 'of'] as const).flatMap((key) => inFigure(tile[key], [...path, 'kpis', at, key])),
  );
}

function inFigure(text: string | undefined, path: readonly PropertyKey[]): NamedColumn[] {
  const parsed = text === undefined ? undefined : parseExpression(text);
  return parsed?.ok ? columnsOf(parsed.expression).map((one) => ({ ...one, path })) : [];
}

function columnsOf(expression: Expression): Pick<NamedColumn, 'dataset' | 'column'>[] {
  if (expression.kind === 'column') return [expression];
  return expression.kind === 'call' ? expression.args.flatMap(columnsOf) : [];
}

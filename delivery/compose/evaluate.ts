import { didYouMean, Fault } from '#engine';
import type { Cell, Column, Dataset, Datasets } from '../query/dataset.ts';
import { type Expression, parseExpression } from '../report/expression.ts';
import { add, compare, type Decimal, growthOf, parseDecimal, toText, zero } from './decimal.ts';

/** What an expression gives: the cell with its column, and for a growth what it was computed from. */
export interface Value {
  readonly cell: Cell;
  readonly column: Column;
  readonly base?: Cell;
  readonly of?: Cell;
}

/** Computes an expression of report.yml over the datasets, exactly. Throws `Fault` invalid for a column that is not there. */
export function evaluate(text: string, datasets: Datasets): Value {
  const parsed = parseExpression(text);
  if (!parsed.ok) throw new Fault('invalid', parsed.message, parsed.hint ? { hint: parsed.hint } : {});
  return compute(parsed.expression, datasets);
}

function compute(expression: Expression, datasets: Datasets): Value {
  if (expression.kind !== 'call') throw new Fault('bug', 'a column or dataset stands where a figure should');
  const [first, second] = expression.args;
  if (first === undefined) throw new Fault('bug', `${expression.name} without arguments`);
  if (expression.name === 'count' && first.kind === 'rows')
    return { cell: String(findDataset(datasets, first.dataset).rows.length), column: integer };
  if (expression.name === 'growth' && second !== undefined)
    return growth(compute(first, datasets), compute(second, datasets));
  const { column, cells } = cellsOf(first, datasets);
  switch (expression.name) {
    case 'sum':
      return { cell: total(cells), column };
    case 'count':
      return { cell: String(cells.filter((cell) => cell !== null && !isZero(cell, column)).length), column: integer };
    case 'first':
      return { cell: cells.at(0) ?? null, column };
    case 'last':
      return { cell: cells.at(-1) ?? null, column };
    case 'min':
      return { cell: cells[extreme(cells, -1)] ?? null, column };
    case 'max':
      return { cell: cells[extreme(cells, 1)] ?? null, column };
    case 'most':
    case 'least': {
      if (second === undefined) throw new Fault('bug', `${expression.name} with one argument`);
      const row = extreme(cellsOf(second, datasets).cells, expression.name === 'most' ? 1 : -1);
      return { cell: cells[row] ?? null, column };
    }
    case 'growth':
      throw new Fault('bug', 'growth with one argument');
  }
}

const integer: Column = { name: 'count', type: 'integer' };
const isZero = (cell: Cell, column: Column) => isNumber(column) && parseDecimal(String(cell)).units === 0n;
const isNumber = (column: Column) => column.type === 'integer' || column.type === 'decimal';

function growth(now: Value, before: Value): Value {
  const column: Column = { name: 'growth', type: 'decimal' };
  if (now.cell === null || before.cell === null) return { cell: null, column, base: before.cell, of: now.cell };
  const change = growthOf(parseDecimal(String(now.cell)), parseDecimal(String(before.cell)));
  return { cell: change ? toText(change) : null, column, base: before.cell, of: now.cell };
}

/** The exact sum of the cells that are known; null when none is. */
export function total(cells: readonly Cell[]): string | null {
  const known = cells.filter((cell) => cell !== null);
  if (known.length === 0) return null;
  return toText(known.reduce<Decimal>((sum, cell) => add(sum, parseDecimal(String(cell))), zero));
}

/** The first row whose cell is largest (1) or smallest (-1); -1 when no cell is known. */
function extreme(cells: readonly Cell[], way: 1 | -1): number {
  let best = -1;
  let bestValue: Decimal | undefined;
  for (const [row, cell] of cells.entries()) {
    if (cell === null) continue;
    const value = parseDecimal(String(cell));
    if (bestValue !== undefined && compare(value, bestValue) * way <= 0) continue;
    best = row;
    bestValue = value;
  }
  return best;
}

function cellsOf(expression: Expression, datasets: Datasets): { column: Column; cells: readonly Cell[] } {
  if (expression.kind !== 'column') throw new Fault('bug', 'a figure stands where a column should');
  const dataset = findDataset(datasets, expression.dataset);
  const index = columnIndex(dataset, expression.column);
  const column = dataset.columns[index];
  if (column === undefined) throw new Fault('bug', 'a column lost its place');
  return { column, cells: dataset.rows.map((row) => row[index] ?? null) };
}

/** A dataset by name. Throws `Fault` invalid with the nearest name. */
export function findDataset(datasets: Datasets, name: string): Dataset {
  const dataset = datasets.get(name);
  if (dataset) return dataset;
  throw notThere(`there is no dataset "${name}"`, name, datasets.keys());
}

/** The place of a column in a dataset. Throws `Fault` invalid with the nearest name. */
export function columnIndex(dataset: Dataset, name: string): number {
  const names = dataset.columns.map((column) => column.name);
  const index = names.indexOf(name);
  if (index >= 0) return index;
  throw notThere(`dataset "${dataset.name}" has no column "${name}"`, name, names);
}

function notThere(message: string, name: string, names: Iterable<string>): Fault {
  const hint = didYouMean(name, names);
  return new Fault('invalid', message, hint ? { hint } : {});
}

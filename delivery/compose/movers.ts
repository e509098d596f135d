import type { Cell, Dataset } from '../query/dataset.ts';
import type { MoversSpec, Report } from '../report/schema.ts';
import { compare, type Decimal, growthOf, parseDecimal, subtract, toText } from './decimal.ts';
import type { Rule, Table, TableColumn } from './document.ts';
import { columnIndex } from './evaluate.ts';
import { phrasesOf } from './phrases.ts';
import { ruleFor, unitOf } from './rule.ts';
import { type TableWriting, titleOf } from './table.ts';

interface Mover {
  readonly cells: readonly Cell[];
  readonly difference: Decimal;
}

/**
 * What changed: the rows that added most, then those that took away most, by difference and not by per cent (a small
 * shop that doubled has changed less than a large one that lost a tenth). Rows with an unknown side are left out.
 */
export function composeMovers(
  spec: MoversSpec,
  dataset: Dataset,
  report: Report,
  name: string,
  { currency, fill, locale }: TableWriting & { readonly locale: string },
): Table {
  const at = [spec.name, spec.now, spec.before].map((column) => columnIndex(dataset, column));
  const [nameAt = 0, nowAt = 0, beforeAt = 0] = at;
  const movers = dataset.rows.flatMap((row): Mover[] => {
    const [now, before] = [row[nowAt] ?? null, row[beforeAt] ?? null];
    if (now === null || before === null) return [];
    const [a, b] = [parseDecimal(String(now)), parseDecimal(String(before))];
    const difference = subtract(a, b);
    const growth = growthOf(a, b);
    return [
      { cells: [row[nameAt] ?? null, now, before, toText(difference), growth ? toText(growth) : null], difference },
    ];
  });
  const zero = parseDecimal('0');
  const ordered = (way: 1 | -1) =>
    movers
      .filter(({ difference }) => compare(difference, zero) === way)
      .sort((a, b) => compare(b.difference, a.difference) * way)
      .slice(0, spec.top)
      .map(({ cells }) => cells);
  const [up, down] = [ordered(1), ordered(-1)];
  const phrases = phrasesOf(locale);

  const source = dataset.columns[nowAt] ?? { name: spec.now, type: 'decimal' };
  const money = ruleFor(spec.format, source, report.rules, { currency, fill });
  const number = (column: string, title: string, rule: Rule, more: Partial<TableColumn> = {}): TableColumn => {
    const unit = unitOf(rule);
    return {
      name: column,
      title,
      ...(unit === undefined ? {} : { unit }),
      type: 'decimal',
      rule,
      align: 'right',
      hidden: false,
      ...more,
    };
  };
  const growth = ruleFor(spec.growth, { name: 'growth', type: 'decimal' }, report.rules, { fill });
  return {
    name,
    role: 'movers',
    title: fill(spec.title ?? phrases.whatChanged),
    columns: [
      {
        name: spec.name,
        title: fill(spec.name_title ?? titleOf(spec.name)),
        type: 'text',
        rule: { kind: 'text' },
        align: 'left',
        hidden: false,
      },
      number('now', fill(spec.now_title ?? titleOf(spec.now)), money),
      number('before', fill(spec.before_title ?? titleOf(spec.before)), money),
      number('change', phrases.change, money.kind === 'number' ? { ...money, signed: true } : money),
      number('growth', phrases.growth, growth, { base: 2, of: 1 }),
    ],
    rows: [...up, ...down],
    groups: up.length > 0 && down.length > 0 ? [up.length] : [],
    totals: [],
    shown: up.length + down.length,
  };
}

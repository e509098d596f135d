import type { Cell, Dataset } from '../query/dataset.ts';
import type { ChartSpec, Report } from '../report/schema.ts';
import { showDate } from './date.ts';
import { compare, type Decimal, parseDecimal, toText } from './decimal.ts';
import type { Chart, ChartPoint, Rule } from './document.ts';
import { columnIndex } from './evaluate.ts';
import { phrasesOf } from './phrases.ts';
import { showAlone, showFigure } from './present.ts';
import { ruleFor } from './rule.ts';
import { scaleOf } from './scale.ts';
import { type TableWriting, titleOf } from './table.ts';

/** Up to so many points each have their figure; beyond that the last and the largest. */
const fewPoints = 8;
/** Names stand one below the other: so many where the report says no `top`, and never more than a page has lines for. */
const usualNames = 12;
const mostNames = 40;

/**
 * A dataset as a chart. `message` fills the title, which may say `chart.last`, `chart.largest`, `chart.at` (its place on the axis)
 * and, with a band, `chart.place`: above, within or below what the points before the last reached.
 */
export function composeChart(
  spec: ChartSpec,
  dataset: Dataset,
  report: Report,
  { locale, currency, fill }: TableWriting & { readonly locale: string },
  message: (text: string, chart: Readonly<Record<string, string>>) => string,
): Chart {
  const [x, y] = [columnIndex(dataset, spec.x), columnIndex(dataset, spec.y)];
  const [across, column] = [dataset.columns[x], dataset.columns[y]];
  const rule = ruleFor(spec.format, column ?? { name: spec.y, type: 'decimal' }, report.rules, { currency, fill });
  const dates = across?.type === 'date';
  const byName = !dates && spec.kind === 'bar';
  const asked = spec.top === undefined ? dataset.rows : dataset.rows.slice(0, spec.top);
  const rows = byName ? asked.slice(0, spec.top === undefined ? usualNames : mostNames) : asked;
  const largest = largestOf(rows.map((row) => row[y] ?? null));
  // Days are counted in weeks; of others as many have a name as there is room for.
  const step = report.period === 'day' ? 7 : Math.ceil(rows.length / 5);
  const points = rows.map((row, at): ChartPoint => {
    const value = textOf(row[y] ?? null);
    const name = String(row[x] ?? '');
    const last = rows.length - 1;
    const named = value !== null && (byName || rows.length <= fewPoints || at === last || at === largest);
    return {
      at: row[x] ?? null,
      label: dates ? showDate(name, report.period === 'month' ? 'month_short' : 'shortest', locale) : name,
      value,
      ticked: !dates || rows.length <= fewPoints || (last - at) % step === 0 || isFarFirst(at, last, step),
      ...(named ? { figure: showFigure({ value, rule }, locale).text } : {}),
    };
  });
  const band = spec.band === undefined ? undefined : bandOf(points, spec.band);
  const show = (value: string | null | undefined) => showAlone({ value: value ?? null, rule }, locale).text;
  const words = {
    last: show(points.at(-1)?.value),
    largest: show(points[largest]?.value),
    at: points[largest]?.label ?? '',
    place: band ? phrasesOf(locale)[placeOf(points.at(-1)?.value ?? null, band)] : '',
  };
  const unit = unitText(rule);
  return {
    name: dataset.name,
    kind: spec.kind,
    across: byName ? 'names' : 'time',
    title: spec.title === undefined ? titleOf(dataset.name) : message(spec.title, words),
    ...(unit === undefined ? {} : { unit }),
    x: { title: fill(spec.x_title ?? titleOf(spec.x)), kind: dates ? 'date' : 'text' },
    y: { title: fill(spec.y_title ?? titleOf(spec.y)), rule },
    scale:
      across?.type !== 'date' || points.every(({ value, figure }) => value === null || figure !== undefined)
        ? []
        : scaleOf(points, spec.kind === 'bar').map((mark) => ({
            value: toText(mark),
            label: showFigure({ value: toText(mark), rule: whole(rule) }, locale).text,
          })),
    points,
    ...(rows.length < asked.length ? { firstOf: asked.length } : {}),
    ...(band ? { band } : {}),
  };
}

/** The first point, where its label has room beside the next. */
const isFarFirst = (at: number, last: number, step: number) => at === 0 && (last % step) * 2 > step;

/** Marks need no decimals: they are round. */
const whole = (rule: Rule): Rule => (rule.kind === 'number' ? { ...rule, decimals: 0, signed: false } : rule);

const unitText = (rule: Rule) => (rule.kind === 'number' ? (rule.currency ?? rule.unit) : undefined);
const textOf = (cell: Cell) => (cell === null || cell === '' ? null : String(cell));

function largestOf(cells: readonly Cell[]): number {
  let best = -1;
  let size: Decimal | undefined;
  for (const [at, cell] of cells.entries()) {
    if (cell === null) continue;
    const value = parseDecimal(String(cell));
    if (size !== undefined && compare(value, size) <= 0) continue;
    [best, size] = [at, value];
  }
  return best;
}

/** What the points before the last reached, least to most; undefined where none is known. */
function bandOf(points: readonly ChartPoint[], width: number): Chart['band'] {
  const from = Math.max(0, points.length - 1 - width);
  const known = points.slice(from, -1).flatMap(({ value }) => (value === null ? [] : [parseDecimal(value)]));
  const [low, ...more] = known.sort(compare);
  return low === undefined ? undefined : { from, low: toText(low), high: toText(more.at(-1) ?? low) };
}

function placeOf(
  value: string | null,
  { low, high }: NonNullable<Chart['band']>,
): 'above' | 'within' | 'below' | 'unknown' {
  if (value === null) return 'unknown';
  const known = parseDecimal(value);
  if (compare(known, parseDecimal(high)) > 0) return 'above';
  return compare(known, parseDecimal(low)) < 0 ? 'below' : 'within';
}

import type { Cell } from '../query/dataset.ts';
import { instantOf, showDate } from './date.ts';
import { absolute, compare, divide, parseDecimal, toText } from './decimal.ts';
import type { Document, Figure, Rule, Table, Tile, TotalLine } from './document.ts';
import { showNumber, symbolOf, unknownMark, withUnit } from './number.ts';
import { phrasesOf } from './phrases.ts';

/** What a growth looks like besides its figure. `step` 1 to 5 is the strength of the tint; 0 is none. */
export interface Tone {
  readonly direction: 'up' | 'down' | 'flat';
  readonly step: 0 | 1 | 2 | 3 | 4 | 5;
}

/** A cell as a reader sees it: the words, and for a growth its tone. Arrows are drawn from the tone, not written. */
export interface Shown {
  readonly text: string;
  readonly tone?: Tone;
}

type GrowthRule = Extract<Rule, { kind: 'growth' }>;

const isZero = (cell: Cell | undefined) => typeof cell === 'string' && cell !== '' && parseDecimal(cell).units === 0n;
const isNegative = (cell: Cell | undefined) => typeof cell === 'string' && cell !== '' && parseDecimal(cell).units < 0n;

/** The tone of a growth in per cent. Decided on the exact figure, as the workbook's live rules do, not on the rounded one. */
export function toneOf(value: string, rule: GrowthRule): Tone {
  const growth = parseDecimal(value);
  const size = absolute(growth);
  if (compare(size, parseDecimal(rule.flat)) <= 0) return { direction: 'flat', step: 0 };
  const direction = growth.units > 0n ? 'up' : 'down';
  if (!rule.tints) return { direction, step: 0 };
  const width = divide(parseDecimal(rule.cap), parseDecimal('5'), 6);
  for (const step of [1, 2, 3, 4] as const) {
    const edge = { units: width.units * BigInt(step), scale: width.scale };
    if (compare(size, edge) <= 0) return { direction, step };
  }
  return { direction, step: 5 };
}

/** Shows a figure without its unit, as a table's cell. */
export function showFigure(figure: Figure, locale: string): Shown {
  const { value, rule } = figure;
  if (value === '') return { text: '' };
  if (value === null) return { text: isNew(figure) ? phrasesOf(locale).isNew : unknownMark };
  switch (rule.kind) {
    case 'number':
      return { text: showNumber(String(value), rule, locale) };
    case 'growth':
      return showGrowth(String(value), rule, figure, locale);
    case 'boolean':
      return { text: value === true || value === 'true' ? phrasesOf(locale).yes : phrasesOf(locale).no };
    case 'date':
      return { text: showDate(String(value), 'short', locale) };
    case 'timestamp':
      return { text: String(value).replace('T', ' ').replace(/Z$/, ' UTC') };
    case 'text':
      return { text: plainText(String(value)) };
  }
}

const isPositive = (cell: Cell | undefined) => typeof cell === 'string' && cell !== '' && parseDecimal(cell).units > 0n;
/** A growth without a base that there is something now. */
export const isNew = ({ value, rule, base, of }: Figure) =>
  value === null && rule.kind === 'growth' && rule.words && isZero(base) && isPositive(of);

function showGrowth(value: string, rule: GrowthRule, { base, of }: Figure, locale: string): Shown {
  const text = showNumber(value, { decimals: rule.decimals, signed: true }, locale);
  // Growth from below zero says the opposite of what it seems to: the figure stays, the colour would lie.
  if (isNegative(base)) return { text };
  if (rule.words && isZero(of) && isPositive(base))
    return { text: phrasesOf(locale).stopped, tone: { direction: 'down', step: rule.tints ? 5 : 0 } };
  return { text, tone: toneOf(value, rule) };
}

/** Shows a figure that stands alone, with its unit: `$1,024`, `+14.8 %`. */
export function showAlone(figure: Figure, locale: string): Shown {
  const { rule, value } = figure;
  const shown = showFigure(figure, locale);
  if (value === null || value === '' || (rule.kind !== 'number' && rule.kind !== 'growth')) return shown;
  if (rule.kind === 'growth') return hasDigits(shown.text) ? { ...shown, text: withUnit(shown.text, '%') } : shown;
  if (rule.currency !== undefined)
    return { text: showNumber(String(value), { ...rule, symbol: symbolOf(rule.currency) }, locale) };
  return { text: withUnit(shown.text, rule.unit ?? '') };
}

/** True of a figure, whatever its digits; false of a word or a dash that stands for one. */
export const hasDigits = (text: string) => /\p{Nd}/u.test(text);

/** What stands below a tile's figure: its change, and what that is against. */
export function changeOf(
  { change, changeTitle }: Tile,
  locale: string,
): { readonly shown: Shown; readonly title: string } | undefined {
  return change && { shown: showAlone(change, locale), title: changeTitle ?? '' };
}

/** The words of a tile, in the order in which every page says them. */
export function tileWords(tile: Tile, locale: string): readonly string[] {
  const { title, figure, of } = tile;
  const changed = changeOf(tile, locale);
  return [
    title,
    showAlone(figure, locale).text,
    ...(of ? [phrasesOf(locale).of(showAlone(of, locale).text)] : []),
    ...(changed ? [changed.shown.text] : []),
    ...(changed && changed.title !== '' ? [changed.title] : []),
  ];
}

/** The figure in one cell of a table, or of a line of totals. */
export function figureAt(table: Table, cells: readonly Cell[], column: number): Figure {
  const spec = table.columns[column];
  if (spec === undefined) throw new RangeError(`table ${table.name} has no column ${column}`);
  return {
    value: cells[column] ?? null,
    rule: spec.rule,
    ...(spec.base === undefined ? {} : { base: cells[spec.base] ?? null }),
    ...(spec.of === undefined ? {} : { of: cells[spec.of] ?? null }),
  };
}

/** A cell of a table as a reader sees it. */
export function showCell(table: Table, cells: readonly Cell[], column: number, locale: string): Shown {
  return showFigure(figureAt(table, cells, column), locale);
}

/**
 * How a line of totals is called. On pages it says when the table is cut, and where the rest is; in the workbook nothing is
 * cut.
 */
export function totalLabel(
  table: Table,
  kind: TotalLine['kind'],
  { locale, workbook }: Pick<Document, 'locale' | 'workbook'>,
): string {
  const count = (rows: number) => showNumber(String(rows), { decimals: 0 }, locale);
  const phrases = phrasesOf(locale);
  const { whole } = table;
  if (kind === 'shown') return phrases.totalOfShown(count(whole?.shown ?? table.shown));
  if (whole !== undefined) return phrases.all(count(whole.rows), false);
  return table.shown < table.rows.length ? phrases.all(count(table.rows.length), workbook) : phrases.total;
}

/** Text on one line: line breaks, tabs and other controls become spaces. */
export function plainText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
}

/** The value as a spreadsheet or program wants it: exact text of a number, ISO date; null stays null. */
export function exactText(cell: Cell, rule: Rule): string | null {
  if (cell === null) return null;
  if (rule.kind === 'number' || rule.kind === 'growth') return toText(parseDecimal(String(cell)));
  if (rule.kind === 'date') return instantOf(String(cell)).toISOString().slice(0, 10);
  return String(cell);
}

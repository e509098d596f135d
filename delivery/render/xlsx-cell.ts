import type ExcelJS from 'exceljs';
import { instantOf } from '../compose/date.ts';
import { compare, parseDecimal, round, toText } from '../compose/decimal.ts';
import type { Figure, Rule } from '../compose/document.ts';
import { symbolOf } from '../compose/number.ts';
import { phrasesOf } from '../compose/phrases.ts';
import { isNew, plainText } from '../compose/present.ts';

/**
 * What stands in a cell: a number, a date, text that is never a formula, or nothing for what is not known. A figure of more
 * digits than a spreadsheet's numbers have stands as text, digit for digit.
 */
export function cellValue(figure: Figure, locale: string): ExcelJS.CellValue {
  const { value, rule } = figure;
  if (value === '') return null;
  if (value === null) return isNew(figure) ? phrasesOf(locale).isNew : null;
  switch (rule.kind) {
    case 'number':
    case 'growth':
      return isHeld(String(value), rule.workbookDecimals) ? Number(value) : plainNumber(String(value));
    case 'date':
      return instantOf(String(value));
    case 'boolean':
      return value === true || value === 'true';
    case 'timestamp':
    case 'text':
      return plainText(String(value));
  }
}

/** Whether a spreadsheet's number is the figure, to the decimals that are shown. */
function isHeld(text: string, decimals: number): boolean {
  const number = Number(text);
  const exact = round(parseDecimal(text), decimals);
  return Math.abs(number) < 1e15 && compare(round(parseDecimal(String(number)), decimals), exact) === 0;
}

const plainNumber = (text: string) => toText(parseDecimal(text));

/** The type of all sheets. Each font says it: a program that is told of none takes one of its own. */
export const sheetFont = { name: 'Calibri', size: 11 } as const;

/** The number format of a rule: `−` for minus; lakh and crore for India, where Excel leaves no room for negatives. */
export function numberFormat(rule: Rule, locale: string): string | undefined {
  return formatWith(rule, locale, '', '');
}

/** The same for a figure that stands alone, with its unit. */
export function aloneFormat(rule: Rule, locale: string): string | undefined {
  const quoted = (text: string) => `"${text.replaceAll('"', '')}"`;
  if (rule.kind === 'growth') return formatWith(rule, locale, '', quoted('\u00a0%'));
  if (rule.kind !== 'number') return formatWith(rule, locale, '', '');
  if (rule.currency !== undefined) return formatWith(rule, locale, quoted(symbolOf(rule.currency)), '');
  return formatWith(rule, locale, '', rule.unit === undefined ? '' : quoted(`\u00a0${rule.unit}`));
}

function formatWith(rule: Rule, locale: string, before: string, after: string): string | undefined {
  if (rule.kind === 'date') return 'd mmm yyyy';
  if (rule.kind !== 'number' && rule.kind !== 'growth') return undefined;
  const tail = `${fraction(rule)}${after}`;
  const western = `${before}#,##0${tail}`;
  if (rule.kind === 'growth' || rule.signed) return `+${western};"\u2212"${western};${before}0${tail}`;
  if (!/-IN\b/.test(locale)) return `${western};"\u2212"${western}`;
  const [crore, lakh, rest] = ['##\\,##\\,##\\,##0', '##\\,##\\,##0', '##,##0'].map(
    (digits) => `${before}${digits}${tail}`,
  );
  return `[>=10000000]${crore};[>=100000]${lakh};${rest}`;
}

/** The same with an arrow, for growth that is not flat. */
export function arrowFormat(rule: Rule): string {
  return `"\u25b2 "+#,##0${fraction(rule)};"\u25bc \u2212"#,##0${fraction(rule)};0${fraction(rule)}`;
}

const fraction = (rule: Rule) => {
  const decimals = rule.kind === 'number' || rule.kind === 'growth' ? rule.workbookDecimals : 0;
  return decimals === 0 ? '' : `.${'0'.repeat(decimals)}`;
};

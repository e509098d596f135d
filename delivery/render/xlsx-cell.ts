import type ExcelJS from 'exceljs';
import { instantOf } from '../compose/date.ts';
import type { Figure, Rule } from '../compose/document.ts';
import { plainText, showFigure } from '../compose/present.ts';

/** What stands in a cell: a number, a date, text that is never a formula, or nothing for what is not known. */
export function cellValue(figure: Figure): ExcelJS.CellValue {
  const { value, rule } = figure;
  if (value === '') return null;
  if (value === null) return showFigure(figure, 'en').text === 'new' ? 'new' : null;
  switch (rule.kind) {
    case 'number':
    case 'growth':
      return Number(value);
    case 'date':
      return instantOf(String(value));
    case 'boolean':
      return value === true || value === 'true';
    case 'timestamp':
    case 'text':
      return plainText(String(value));
  }
}

/** The number format of a rule: `−` for minus; lakh and crore for India, where Excel leaves no room for negatives. */
export function numberFormat(rule: Rule, locale: string): string | undefined {
  if (rule.kind === 'date') return 'd mmm yyyy';
  if (rule.kind === 'growth') return `+#,##0${fraction(rule)};"\u2212"#,##0${fraction(rule)};0${fraction(rule)}`;
  if (rule.kind !== 'number') return undefined;
  const places = fraction(rule);
  if (rule.signed) return `+#,##0${places};"\u2212"#,##0${places};0${places}`;
  if (!/-IN\b/.test(locale)) return `#,##0${places};"\u2212"#,##0${places}`;
  return `[>=10000000]##\\,##\\,##\\,##0${places};[>=100000]##\\,##\\,##0${places};##,##0${places}`;
}

/** The same with an arrow, for growth that is not flat. */
export function arrowFormat(rule: Rule): string {
  return `"\u25b2 "+#,##0${fraction(rule)};"\u25bc \u2212"#,##0${fraction(rule)};0${fraction(rule)}`;
}

const fraction = (rule: Rule) => {
  const decimals = rule.kind === 'number' || rule.kind === 'growth' ? rule.workbookDecimals : 0;
  return decimals === 0 ? '' : `.${'0'.repeat(decimals)}`;
};

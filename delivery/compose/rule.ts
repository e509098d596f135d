import { didYouMean, Fault } from '#engine';
import type { Column, ColumnType } from '../query/dataset.ts';
import type { Rules } from '../report/rules.ts';
import type { Rule } from './document.ts';

/**
 * The rule a figure is shown by: the one of formats.yml it names, else what its type suggests. `unit: currency` becomes
 * the project's currency.
 */
export function ruleFor(
  name: string | undefined,
  column: Column,
  rules: Rules,
  {
    currency,
    decimals,
    unit,
    fill = (text) => text,
  }: {
    currency?: string | undefined;
    decimals?: number | undefined;
    unit?: string | undefined;
    /** Fills the reason for what is not known, where it may be a template. */
    fill?: (text: string) => string;
  },
): Rule {
  const spec = name === undefined ? undefined : rules[name];
  if (name !== undefined && spec === undefined) {
    const hint = didYouMean(name, Object.keys(rules));
    throw new Fault('invalid', `there is no formatting rule "${name}"`, hint ? { hint } : {});
  }
  if (spec === undefined && !isNumeric(column.type)) return { kind: textual(column.type) };
  if (spec !== undefined && !isNumeric(column.type))
    throw new Fault(
      'invalid',
      `"${column.name}" holds ${column.type}, which the rule "${name}" for numbers cannot show`,
    );
  const places = decimals ?? spec?.decimals ?? (column.type === 'integer' ? 0 : 2);
  const unknown = spec?.unknown === undefined ? {} : { unknown: fill(spec.unknown) };
  const workbookDecimals = Math.max(places, spec?.workbook_decimals ?? 0);
  if (spec?.kind === 'growth')
    return {
      kind: 'growth',
      decimals: places,
      workbookDecimals,
      flat: String(spec.flat),
      cap: String(spec.cap),
      words: spec.words,
      tints: spec.tints,
      ...unknown,
    };
  const said = unit ?? spec?.unit;
  return {
    kind: 'number',
    decimals: places,
    workbookDecimals,
    signed: spec?.signed ?? false,
    ...(said === 'currency' ? (currency === undefined ? {} : { currency }) : said === undefined ? {} : { unit: said }),
    ...unknown,
  };
}

/** The unit a column's header names. */
export function unitOf(rule: Rule): string | undefined {
  if (rule.kind === 'growth') return '%';
  return rule.kind === 'number' ? (rule.currency ?? rule.unit) : undefined;
}

export const isNumeric = (type: ColumnType) => type === 'integer' || type === 'decimal';

function textual(type: ColumnType): 'text' | 'date' | 'timestamp' | 'boolean' {
  return type === 'integer' || type === 'decimal' ? 'text' : type;
}

import { Liquid, LiquidError } from 'liquidjs';
import { Fault, type Place } from '#engine';
import { nameHint } from '../report/name-hint.ts';
import type { Slot } from '../slot/slot.ts';

/** A value that becomes a typed literal in SQL: `date '2021-12-21'`. */
interface Literal {
  readonly type: 'date' | 'timestamptz';
  readonly text: string;
}

/** What the SQL of a report may say in `{{ ... }}`. */
export interface SqlScope {
  readonly period: { readonly from: Literal; readonly until: Literal; readonly date: Literal; readonly at: Literal };
  readonly vars: Readonly<Record<string, unknown>>;
}

export function sqlScope(slot: Slot, vars: Readonly<Record<string, unknown>>): SqlScope {
  const date = (text: string): Literal => ({ type: 'date', text });
  const at: Literal = { type: 'timestamptz', text: slot.tick.toISOString() };
  return {
    period: { from: date(slot.days.from), until: date(slot.days.until), date: date(slot.date), at },
    vars,
  };
}

const liquid = new Liquid({
  templates: {},
  ownPropertyOnly: true,
  strictVariables: true,
  strictFilters: true,
  parseLimit: 1_000_000,
  renderLimit: 1_000,
  memoryLimit: 10_000_000,
  outputEscape: sqlLiteral,
});
liquid.registerFilter('raw', () => {
  throw new Error('raw text cannot be put into SQL');
});

/**
 * The SQL of a dataset for one slot. Whatever `{{ ... }}` gives becomes a literal: nothing that a variable holds can
 * change the statement. Throws `Fault` invalid with the place where the template is wrong or names what is not there.
 */
export function sqlText(template: string, scope: SqlScope, place: Place): string {
  try {
    return String(liquid.parseAndRenderSync(template, scope));
  } catch (error) {
    const at = LiquidError.is(error) ? error.token?.getPosition() : undefined;
    const message = error instanceof Error ? error.message.replace(/, line:\d+, col:\d+$/, '') : String(error);
    const line = at?.[0];
    const hint = nameHint(message, scope, Object.keys(liquid.filters));
    const named = hint === undefined ? {} : { hint };
    throw new Fault('invalid', message, {
      place: line === undefined ? place : { ...place, line },
      cause: error,
      ...named,
    });
  }
}

function sqlLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (isLiteral(value)) return `${value.type} '${value.text}'`;
  if (Array.isArray(value)) return value.map(sqlLiteral).join(', ');
  if (typeof value !== 'string') throw new Error('only texts, numbers, dates and lists of them can stand in SQL');
  // A backslash and a NUL mean different things to different servers.
  if (/[\\\0]/.test(value)) throw new Error('a text with a backslash or a NUL cannot stand in SQL');
  return `'${value.replaceAll("'", "''")}'`;
}

function isLiteral(value: unknown): value is Literal {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'type') && Object.hasOwn(value, 'text');
}

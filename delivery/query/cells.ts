import type { ColumnKind } from '#engine';
import type { Cell, ColumnType } from './dataset.ts';

/** What a column of the warehouse is in a dataset. */
export const columnTypes: Readonly<Record<ColumnKind, ColumnType>> = {
  text: 'text',
  integer: 'integer',
  decimal: 'decimal',
  float: 'decimal',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  timestamptz: 'timestamp',
  json: 'text',
  other: 'text',
};

/** A value as a database row holds it, as the exact text that pages and sheets show. `NaN` and infinities are not known. */
export function cellOf(value: unknown, kind: ColumnKind): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value;
  if (kind === 'float' || kind === 'decimal' || kind === 'integer') return plainNumber(String(value));
  if (kind === 'timestamp') return String(value).replace(' ', 'T');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** `1.5e-7` as `0.00000015`: a float's text, digit for digit, without its exponent. */
function plainNumber(text: string): string | null {
  const found = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text);
  if (!found) return null;
  const [, sign = '', whole = '0', fraction = '', exponent] = found;
  if (exponent === undefined) return text;
  const shift = Number(exponent);
  const digits = whole + fraction;
  const point = whole.length + shift;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

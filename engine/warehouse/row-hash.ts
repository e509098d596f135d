import type { RelationColumn } from './relation.ts';
import { type Statement, sql } from './statement.ts';

/**
 * A row's hash, a bigint: of equal rows equal, of others not but by a chance in 2^64. Computed from the values where equal
 * values are written alike, which is faster than their text; else from their text, for which 1.0 and 1.00 are two.
 */
export function rowHash(columns: readonly Pick<RelationColumn, 'name' | 'kind' | 'type'>[]): Statement {
  const values = sql.join(columns.map(hashedValue), ', ');
  // The record's own hash is a weighted sum of its values' hashes: sums over rows would miss values that trade places.
  return sql`hashint8extended(hash_record_extended(row(${values}), 0), 0)`;
}

/** As `rowHash`, from the text of a row: of columns whose types nobody knows, or as it is kept and compared years later. */
export function rowTextHash(columns: readonly string[]): Statement {
  const values = sql.join(
    columns.map((column) => sql.ident(column)),
    ', ',
  );
  return sql`hashtextextended(row(${values})::text, 0)`;
}

const writtenAlike = new Set(['integer', 'boolean', 'date', 'timestamp', 'timestamptz']);

function hashedValue({ name, type, kind }: Pick<RelationColumn, 'name' | 'kind' | 'type'>): Statement {
  const column = sql.ident(name);
  if (writtenAlike.has(kind) || /^numeric\(\d+,-?\d+\)$/.test(type)) return column;
  // Byte by byte, whatever the column's collation calls equal.
  if (/^(text|character varying(\(\d+\))?)$/.test(type)) return sql`${column} collate "C"`;
  return sql`${column}::text collate "C"`;
}

import { assert, integer, property } from 'fast-check';
import { loadModule, parseSync } from 'libpg-query';
import { beforeAll, expect, test } from 'vitest';
import { readText } from '../reading/reading.ts';
import { damage, seeded } from '../sql/test-damage.ts';
import { statements } from '../sql/test-texts.ts';
import type { TableColumns } from './column.ts';
import { resolve } from './resolve.ts';
import { madeQuery, madeTables } from './test-queries.ts';

beforeAll(loadModule);

const parsers = { postgres: parseSync, second: () => undefined };
const known: TableColumns = (table) => {
  const names = madeTables[table];
  return names && { names, complete: true };
};

test('made-up queries are read as they were made', () => {
  assert(
    property(integer(), (seed) => {
      const next = seeded(seed);
      const { sql, columns } = madeQuery((below) => Math.floor(next() * below));
      const reading = readText(sql, 'postgres', parsers);
      expect(reading, sql).toMatchObject({ by: 'postgres', other: undefined });
      const [shape] = reading.shapes;
      if (!shape) throw new Error(sql);
      const { relation, mistakes } = resolve(shape, 'postgres', known);
      expect(mistakes, sql).toEqual([]);
      const found = relation.columns.map(({ name, origins, partial }) => ({
        name,
        origins: origins.map(({ table, column }) => `${table}.${column}`).sort(),
        partial,
      }));
      const made = columns.map(({ name, origins }) => ({ name, origins: [...origins].sort(), partial: false }));
      expect(found, sql).toEqual(made);
    }),
    { numRuns: 100 },
  );
});

test('a column that is taken away is missed, wherever it was read', () => {
  assert(
    property(integer(), (seed) => {
      const next = seeded(seed);
      const { sql } = madeQuery((below) => Math.floor(next() * below));
      const broken = sql.replace(/\.(a2|b1)\b/, '.gone');
      const [shape] = readText(broken, 'postgres', parsers).shapes;
      const mistakes = shape ? resolve(shape, 'postgres', known).mistakes : [];
      // What read the column by its old name further out is mistaken, too.
      const told = mistakes.some(({ at }) => /^\w+\.gone\b/.test(broken.slice(at)));
      expect(told, broken).toBe(broken !== sql);
    }),
    { numRuns: 60 },
  );
});

test('damage throws nothing', () => {
  const next = seeded(7);
  for (let time = 0; time < 400; time++) {
    const made = madeQuery((below) => Math.floor(next() * below)).sql;
    const text = damage(time % 2 ? made : (statements[time % statements.length] ?? ''), next);
    const dialect = time % 3 ? 'redshift' : 'postgres';
    for (const shape of readText(text, dialect, parsers).shapes) resolve(shape, dialect, known);
  }
});

test('depth and length throw nothing', () => {
  for (const text of [
    `select ${'('.repeat(20_000)}1${')'.repeat(20_000)}`,
    `select ${'x || '.repeat(20_000)}x as n from s.a`,
    `${'select * from ('.repeat(2000)}select 1 as n${') q'.repeat(2000)}`,
    Array.from({ length: 3000 }, () => 'select a1 from s.a').join(' union all '),
  ]) {
    for (const shape of readText(text, 'postgres', parsers).shapes) resolve(shape, 'postgres', known);
  }
});

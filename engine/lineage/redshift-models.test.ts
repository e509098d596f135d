import { expect, test } from 'vitest';
import { manualModels } from '../local/manual/models.ts';
import { manualTables } from '../local/manual/tables.ts';
import { readTexts } from '../reading/reader.ts';
import type { TableColumns } from './column.ts';
import { resolve } from './resolve.ts';

const tables = new Map(
  [...manualTables.matchAll(/create table (\S+) \((.*)\);/g)].map(([, name = '', columns = '']) => [
    name,
    columns
      .replace(/\(.*?\)/g, '')
      .split(',')
      .map((column) => column.trim().split(' ')[0] ?? ''),
  ]),
);
const known: TableColumns = (table) => {
  const names = tables.get(table);
  return names && { names, complete: true };
};

test('of the manual’s models nothing is called a mistake, and every table is read alike', async () => {
  expect(tables.size).toBeGreaterThan(10);
  const readings = await readTexts(
    manualModels.map(({ sql }) => sql),
    'redshift',
  );
  const wrong = manualModels.filter((_, at) => {
    const reading = readings[at];
    const mistakes = reading?.shapes.flatMap((shape) => resolve(shape, 'redshift', known).mistakes) ?? [];
    return !reading || reading.shapes.length === 0 || reading.other || (!reading.partial && mistakes.length > 0);
  });
  expect(wrong.map(({ sql }) => sql)).toEqual([]);
});

import { expect, test } from 'vitest';
import type { Cell, Dataset } from '../query/dataset.ts';
import type { Report } from '../report/schema.ts';
import { whole } from './edition.ts';
import { editionsOf, openCut } from './for-each.ts';

const dataset = (name: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): Dataset => {
  return { name, columns: columns.map((column) => ({ name: column, type: 'text' })), rows };
};
const report = (edition_key: string) =>
  ({ for_each: { query: 'loans.sql', edition_key, locale: 'locale' } }) as unknown as Report;
const loans = dataset(
  'for_each',
  ['loan', 'locale'],
  [
    ['L1', 'hi'],
    ['L2', null],
  ],
);

test('each row is an edition with its locale; without for_each there is one for all', () => {
  expect(editionsOf(report('loan'), loans)).toEqual([
    { key: 'L1', locale: 'hi', fields: { loan: 'L1', locale: 'hi' } },
    { key: 'L2', fields: { loan: 'L2', locale: null } },
  ]);
  expect(editionsOf({} as Report, undefined)).toEqual([whole]);
});

test('a key that is empty, twice or not there stops the slot', () => {
  const keyed = (...keys: Cell[]) =>
    dataset(
      'for_each',
      ['loan', 'locale'],
      keys.map((key) => [key, 'en']),
    );
  expect(() => editionsOf(report('loan'), keyed('L1', ' '))).toThrow('loans.sql, row 2: loan is empty');
  expect(() => editionsOf(report('loan'), keyed('L1', 'L1'))).toThrow('row 2: loan "L1" stands twice');
  expect(() => editionsOf(report('laon'), loans)).toThrow('loans.sql has no column "laon"');
});

test('datasets with the column of the key are cut; others are the same for all only where the report says so', () => {
  const datasets = new Map([
    [
      'lines',
      dataset(
        'lines',
        ['n', 'loan'],
        [
          ['1', 'L1'],
          ['2', 'L2'],
          ['3', 'L1'],
        ],
      ),
    ],
    ['terms', dataset('terms', ['n'], [['a']])],
  ]);
  const owner = {
    ...report('loan'),
    datasets: { terms: { query: 'terms.sql', editions: 'all' } },
  } as unknown as Report;
  const cut = openCut(owner, datasets);
  expect(
    cut({ key: 'L1' })
      .get('lines')
      ?.rows.map(([n]) => n),
  ).toEqual(['1', '3']);
  expect(cut({ key: 'L9' }).get('lines')?.rows).toEqual([]);
  expect(cut({ key: 'L9' }).get('terms')?.rows).toEqual([['a']]);
  expect(openCut({} as Report, datasets)(whole)).toBe(datasets);
  const forgot = { ...report('loan'), datasets: {} } as unknown as Report;
  expect(() => openCut(forgot, datasets)).toThrow('dataset "terms" does not say by loan which rows are whose');
});

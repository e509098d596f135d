import { expect, test } from 'vitest';
import type { Cell, Dataset } from '../query/dataset.ts';
import type { ChartSpec } from '../report/schema.ts';
import { composeChart } from './chart.ts';
import { sampleReport } from './made-up.ts';
import { chartNotes } from './notes.ts';

const trend = (...amounts: Cell[]): Dataset => ({
  name: 'trend',
  columns: [
    { name: 'sale_date', type: 'date' },
    { name: 'amount', type: 'decimal' },
  ],
  rows: amounts.map((amount, at) => [`2021-12-${String(at + 1).padStart(2, '0')}`, amount]),
});

async function chartOf(dataset: Dataset, more: Partial<ChartSpec> = {}) {
  const spec: ChartSpec = { kind: 'bar', data: 'trend', x: 'sale_date', y: 'amount', format: 'money', ...more };
  const words: Record<string, string> = {};
  const chart = composeChart(
    spec,
    dataset,
    await sampleReport(),
    { locale: 'en-US', currency: 'USD', fill: (text) => text },
    (text, said) => {
      Object.assign(words, said);
      return text;
    },
  );
  return { chart, words };
}

test('of many points the largest and the last have their figure, and every seventh its day', async () => {
  const { chart } = await chartOf(trend('1', '9', null, '3', '4', '5', '6', '7', '8.5'));
  expect(chart.points.map(({ figure }) => figure ?? '')).toEqual(['', '9', '', '', '', '', '', '', '9']);
  expect(chart.points.filter(({ ticked }) => ticked).map(({ label }) => label)).toEqual(['Dec 2', 'Dec 9']);
  expect(chart.points[2]?.value).toBeNull();
  expect(chart.unit).toBe('USD');
});

test.each([
  ['12', 'above'],
  ['11', 'within'],
  ['0.5', 'below'],
  [null, 'unknown'],
])('a last point of %s is %s the band', async (last, place) => {
  const { chart, words } = await chartOf(trend('99', '1', null, '11', last), { band: 3, title: 'x' });
  expect(chart.band).toEqual({ from: 1, low: '1', high: '11' });
  expect(words).toMatchObject({ place, largest: '$99', at: 'Dec 1' });
});

test('without points there is no band and nothing beside it', async () => {
  const { chart, words } = await chartOf(trend(), { band: 7, title: 'x' });
  expect(chart.points).toEqual([]);
  expect(chart.band).toBeUndefined();
  expect(words['last']).toBe('–');
});

test('of names as many are shown as a page has lines for, each with its figure', async () => {
  const stores: Dataset = {
    name: 'stores',
    columns: [
      { name: 'store', type: 'text' },
      { name: 'amount', type: 'decimal' },
    ],
    rows: Array.from({ length: 60 }, (_, at) => [`Store ${at + 1}`, String(100 - at)]),
  };
  const shown = async (top: number | undefined) => {
    const asked = top === undefined ? {} : { top };
    return (await chartOf(stores, { data: 'stores', x: 'store', ...asked })).chart;
  };
  const usual = await shown(undefined);
  expect(usual.points.map(({ figure }) => figure)).toEqual(Array.from({ length: 12 }, (_, at) => String(100 - at)));
  expect(usual.firstOf).toBe(60);
  expect(chartNotes({ ...usual, title: 'Stores' }, { locale: 'en-US' })).toEqual([
    'Stores: the first 12 of 60 are shown.',
  ]);
  const [ten, sixty] = [await shown(10), await shown(60)];
  expect([ten.points.length, ten.firstOf, sixty.points.length, sixty.firstOf]).toEqual([10, undefined, 40, 60]);
});

import { expect, test } from 'vitest';
import { layout } from './layout.ts';

const nodes = [
  { name: 'raw.a', reads: [] },
  { name: 'raw.b', reads: [] },
  { name: 'staging.b', reads: ['raw.b'] },
  { name: 'staging.a', reads: ['raw.a', 'nobody.knows'] },
  { name: 'kpi.all', reads: ['staging.a', 'staging.b', 'raw.a'] },
];

test('readers stand behind what they read, beside it, and nobody on top of another', () => {
  const places = layout(nodes);
  expect([...places].map(([name, { rank }]) => [name, rank])).toEqual([
    ['raw.a', 0],
    ['raw.b', 0],
    ['staging.b', 1],
    ['staging.a', 1],
    ['kpi.all', 2],
  ]);
  // Lines that would cross are undone by the order within a column.
  const row = (name: string) => places.get(name)?.row ?? Number.NaN;
  expect(Math.sign(row('staging.a') - row('staging.b'))).toBe(Math.sign(row('raw.a') - row('raw.b')));
  expect(new Set([...places.values()].map((place) => `${place.rank} ${place.row}`)).size).toBe(nodes.length);
  expect(Math.min(...[...places.values()].map((place) => place.row))).toBe(0);
  expect(layout(nodes)).toEqual(places);
});

test('a circle has places, too', () => {
  const circle = [
    { name: 'a', reads: ['b'] },
    { name: 'b', reads: ['a'] },
  ];
  expect(new Set([...layout(circle).values()].map(({ rank }) => rank)).size).toBe(2);
});

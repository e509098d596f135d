import { expect, test } from 'vitest';
import { fitInto } from './oversize.ts';

const file = (name: string, bytes: number) => {
  return { format: 'pdf', name, mediaType: 'application/pdf', sha256: name, bytes } as const;
};

test('what fits is carried, what does not is linked, and nothing is dropped (metabase 71371)', () => {
  const files = [file('a', 5_700), file('b', 57_000), file('c', 570)];
  const { carried, linked } = fitInto(files, 10_000);
  expect([carried.map(({ name }) => name), linked.map(({ name }) => name)]).toEqual([['a', 'c'], ['b']]);
  expect(fitInto(files, 1_000_000)).toEqual({ carried: files, linked: [] });
  expect(fitInto([file('a', 57)], 78).linked).toEqual([]);
  expect(fitInto([file('a', 58)], 78).carried).toEqual([]);
});

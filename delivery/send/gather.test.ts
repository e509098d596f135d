import { expect, test } from 'vitest';
import { gather } from './gather.ts';

test('who wishes in the same breath, or while a round is under way, shares a round', async () => {
  const rounds: number[][] = [];
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const double = gather(async (wishes: readonly number[]) => {
    rounds.push([...wishes]);
    await gate;
    return wishes.map((wish) => wish * 2);
  });
  const first = [double(1), double(2)];
  await Promise.resolve();
  await Promise.resolve();
  const second = [double(3), double(4), double(5)];
  open();
  expect(await Promise.all([...first, ...second])).toEqual([2, 4, 6, 8, 10]);
  expect(rounds).toEqual([
    [1, 2],
    [3, 4, 5],
  ]);
});

test('a round that fails fails for all of it and for nobody else', async () => {
  const unless13 = gather(async (wishes: readonly number[]) => {
    if (wishes.includes(13)) throw new Error('unlucky');
    return wishes;
  });
  const round = await Promise.allSettled([unless13(12), unless13(13)]);
  expect(round.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await unless13(14)).toBe(14);
});

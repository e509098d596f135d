import { expect, test } from 'vitest';
import { sideBySide } from './side-by-side.ts';

const signal = new AbortController().signal;

test('no more than so many at once, and every one', async () => {
  const done: number[] = [];
  let [now, most] = [0, 0];
  const items = Array.from({ length: 20 }, (_, at) => at);
  const work = async (item: number) => {
    now++;
    most = Math.max(most, now);
    await Promise.resolve();
    now--;
    done.push(item);
  };
  await sideBySide(items, 3, work, signal);
  expect(done.sort((a, b) => a - b)).toEqual(items);
  expect(most).toBe(3);
});

test('items are taken when there is room for them', async () => {
  let taken = 0;
  let done = 0;
  function* items() {
    for (; taken < 10; taken++) {
      expect(taken - done).toBeLessThanOrEqual(2);
      yield taken;
    }
  }
  const work = async () => {
    await Promise.resolve();
    done++;
  };
  await sideBySide(items(), 2, work, signal);
  expect(done).toBe(10);
});

test('the first failure stops the others and is thrown when all have ended', async () => {
  const seen: number[] = [];
  let stopped = false;
  const work = async (item: number, either: AbortSignal) => {
    seen.push(item);
    if (item === 1) throw new Error('one is wrong');
    await new Promise<void>((resolve) => either.addEventListener('abort', () => resolve()));
    stopped = true;
  };
  await expect(sideBySide([0, 1, 2, 3], 2, work, signal)).rejects.toThrow('one is wrong');
  expect([seen, stopped]).toEqual([[0, 1], true]);
});

test('what stops from outside is what it throws', async () => {
  const gone = AbortSignal.abort(new Error('stop'));
  await expect(sideBySide([1], 2, async () => {}, gone)).rejects.toThrow('stop');
});

import { expect, test } from 'vitest';
import { afterAttempt, maxAttempts } from './after-attempt.ts';
import type { LaterScope } from './channel.ts';

const now = new Date('2021-12-22T02:30:00Z');
const later = (scope: LaterScope) => ({ kind: 'later', reason: 'busy', scope }) as const;
const secondsOf = (spent: number, scope: LaterScope, random: number) => {
  const settlement = afterAttempt(later(scope), spent, now, random);
  return settlement.kind === 'queued' ? (settlement.at.getTime() - now.getTime()) / 1000 : settlement.kind;
};

test('waits grow, are spread, and end', () => {
  expect([1, 2, 3, 4, 5].map((spent) => secondsOf(spent, 'part', 0))).toEqual([30, 60, 120, 240, 480]);
  expect(secondsOf(1, 'part', 0.5)).toBe(45);
  expect(secondsOf(maxAttempts, 'recipient', 0)).toBe('failed');
});

test("a lane's trouble spends nothing", () => {
  expect(secondsOf(maxAttempts, 'lane', 0)).toBe(30);
  expect(afterAttempt(later('lane'), 1, now, 0)).toMatchObject({ kind: 'queued', wholeLane: true });
});

test('what waits for its hour spends nothing, and is no trouble of the lane', () => {
  expect(afterAttempt(later('pace'), maxAttempts, now, 0)).toMatchObject({
    kind: 'queued',
    wholeLane: false,
    free: true,
  });
});

test('a server that names a time is obeyed; what is unclear stays so, however often it was tried', () => {
  const at = new Date('2021-12-22T03:00:00Z');
  expect(afterAttempt({ ...later('part'), at }, 1, now, 0)).toMatchObject({ at });
  expect(afterAttempt({ kind: 'unclear', reason: 'cut' }, 99, now, 0)).toEqual({ kind: 'unclear', reason: 'cut' });
});

test('what may have gone before has not failed because its attempts are spent', () => {
  expect(afterAttempt(later('part'), maxAttempts, now, 0, true)).toMatchObject({ kind: 'unclear' });
  expect(afterAttempt(later('part'), maxAttempts - 1, now, 0, true)).toMatchObject({ kind: 'queued' });
});

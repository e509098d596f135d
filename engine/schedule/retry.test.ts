import fc from 'fast-check';
import { expect, test } from 'vitest';
import { afterFailure } from './retry.ts';

const minute = 60_000;
const retries = { attempts: 4, backoff: { from: minute, until: 15 * minute } };

test('what fails for good is not tried again, and what may pass only so often', () => {
  expect(afterFailure(retries, 1, 'permanent', 0, 0.5)).toEqual({ kind: 'give-up' });
  expect(afterFailure(retries, 4, 'transient', 0, 0.5)).toEqual({ kind: 'give-up' });
  expect(afterFailure({ ...retries, attempts: 1 }, 1, 'transient', 0, 0.5)).toEqual({ kind: 'give-up' });
});

test('the wait grows from its lower end towards its upper one', () => {
  const longest = (attempts: number) => afterFailure({ ...retries, attempts: 99 }, attempts, 'conflict', 0, 0.999999);
  const minutes = [1, 2, 3, 4, 60].map((attempts) => {
    const after = longest(attempts);
    return after.kind === 'again' ? Math.round(after.notBefore / minute) : undefined;
  });
  expect(minutes).toEqual([2, 4, 8, 15, 15]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), fc.double({ min: 0, max: 0.99, noNaN: true }), (attempts, chance) => {
      const after = afterFailure(retries, attempts, 'transient', 1000, chance);
      const wait = after.kind === 'again' ? after.notBefore - 1000 : -1;
      expect(wait).toBeGreaterThanOrEqual(minute);
      expect(wait).toBeLessThanOrEqual(15 * minute);
    }),
  );
});

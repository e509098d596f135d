import { expect, test } from 'vitest';
import { decideAfterLook } from './look.ts';

test('a look settles, and what cannot be told waits for a person', () => {
  expect(decideAfterLook({ kind: 'sent', providerId: 'x' }, 0, undefined)).toEqual({ kind: 'sent', providerId: 'x' });
  expect(decideAfterLook({ kind: 'not-sent' }, 0, undefined)).toEqual({ kind: 'queued' });
  expect(decideAfterLook(undefined, 599, 600)).toEqual({ kind: 'stay' });
  expect(decideAfterLook(undefined, 600, 600)).toMatchObject({ kind: 'held' });
  expect(decideAfterLook({ kind: 'unknown', reason: 'a clock' }, 9999, undefined)).toEqual({ kind: 'stay' });
  expect(decideAfterLook({ kind: 'unknown', reason: 'a clock' }, 600, 600)).toEqual({
    kind: 'held',
    reason: 'a clock',
  });
});

import { expect, test } from 'vitest';
import type { Found } from '../send/channel.ts';
import { decideAfterLook } from './look.ts';

const now = new Date('2021-12-22T03:00:00Z');
const decide = (found: Found | undefined, age: number, holdAfter: number | undefined) =>
  decideAfterLook(found, age, holdAfter, now);

test('a look settles, and what cannot be told waits for a person', () => {
  expect(decide({ kind: 'sent', providerId: 'x' }, 0, undefined)).toEqual({ kind: 'sent', providerId: 'x' });
  expect(decide({ kind: 'not-sent' }, 0, undefined)).toEqual({ kind: 'queued' });
  expect(decide({ kind: 'repeat' }, 0, undefined)).toEqual({ kind: 'queued', mayHaveGone: true });
  expect(decide(undefined, 599, 600)).toEqual({ kind: 'stay' });
  expect(decide(undefined, 600, 600)).toMatchObject({ kind: 'held' });
  expect(decide({ kind: 'unknown', reason: 'a clock' }, 9999, undefined)).toEqual({ kind: 'stay' });
  expect(decide({ kind: 'unknown', reason: 'a clock' }, 600, 600)).toEqual({
    kind: 'held',
    reason: 'a clock',
  });
});

test('nobody is asked while a journal may still tell', () => {
  const until = (text: string) => decide({ kind: 'unknown', reason: 'no copy yet', until: new Date(text) }, 9999, 600);
  expect(until('2021-12-22T03:00:01Z')).toEqual({ kind: 'stay' });
  expect(until('2021-12-22T03:00:00Z')).toEqual({ kind: 'held', reason: 'no copy yet' });
});

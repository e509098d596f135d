import { expect, test } from 'vitest';
import { type PaceRules, paceOf, type Sent } from './pace.ts';

const rules: PaceRules = {
  gap: { least: 8_000, most: 24_000 },
  per_day: 100,
  new_per_day: 2,
  warm_up: 4,
  quiet: undefined,
};
const now = new Date('2021-12-22T10:00:00Z');
const hour = 3_600_000;
const sent = (...hoursAgo: number[]): Sent[] =>
  hoursAgo.map((ago) => ({ at: now.getTime() - ago * hour, fresh: false }));

test('a gap is kept, another one each time', () => {
  const justNow = [{ at: now.getTime() - 3_000, fresh: false }];
  expect(paceOf([], rules, now, 0)).toEqual({ kind: 'go', wait: 0 });
  expect(paceOf(justNow, rules, now, 0)).toEqual({ kind: 'go', wait: 5_000 });
  expect(paceOf(justNow, rules, now, 0.5)).toEqual({ kind: 'go', wait: 13_000 });
});

test('the first days are slow; what is over the day waits for the next, in no trouble', () => {
  const tomorrow = new Date('2021-12-23T00:00:00Z');
  expect(paceOf(sent(4, 3, 2, 1), rules, now, 0)).toEqual({
    kind: 'later',
    scope: 'pace',
    at: tomorrow,
    reason: '4 messages have gone today',
  });
  // A day before: half as much again.
  expect(paceOf(sent(30, 4, 3, 2, 1), rules, now, 0).kind).toBe('go');
  expect(paceOf(sent(30, 5, 4, 3, 2, 1, 0.5), rules, now, 0)).toMatchObject({ reason: '6 messages have gone today' });
});

test('few new contacts a day; those who are known still get theirs', () => {
  const fresh = sent(2, 1).map((one) => ({ ...one, fresh: true }));
  expect(paceOf(fresh, rules, now, 0, true)).toMatchObject({ kind: 'later', scope: 'pace' });
  expect(paceOf(fresh, rules, now, 0, false).kind).toBe('go');
});

test('quiet hours go over midnight, by the local clock', () => {
  const quiet = { ...rules, quiet: { from: '21:00', until: '08:00', timezone: 'Asia/Kolkata' } };
  const at = (text: string) => paceOf([], quiet, new Date(text), 0);
  expect(at('2021-12-22T15:29:00Z').kind).toBe('go');
  expect(at('2021-12-22T15:30:00Z')).toMatchObject({ kind: 'later', at: new Date('2021-12-23T02:30:00Z') });
  expect(at('2021-12-23T02:29:30Z')).toMatchObject({ kind: 'later', at: new Date('2021-12-23T02:30:00Z') });
  expect(at('2021-12-23T02:30:00Z').kind).toBe('go');
});

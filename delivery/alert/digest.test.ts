import { expect, test } from 'vitest';
import { digestOf, dueDigest } from './digest.ts';

const rule = { at: '18:00', timezone: 'Asia/Kolkata' };

test('a digest is due from its hour on, by the day that local clocks show', () => {
  expect(dueDigest(rule, new Date('2021-12-21T12:29:59Z'))).toBeUndefined();
  expect(dueDigest(rule, new Date('2021-12-21T12:30:00Z'))).toEqual({
    day: '2021-12-21',
    since: new Date('2021-12-20T12:30:00Z'),
  });
  expect(dueDigest(rule, new Date('2021-12-21T18:31:00Z'))).toBeUndefined();
});

test('it tells what went, what did not and what waits, once to each owner', () => {
  const lanes = new Map([['email', { name: 'email', address: 'email', split: 'whole' } as const]]);
  const owners = new Map([
    ['daily', ['email:a@example.com']],
    ['weekly', ['email:a@example.com', 'email:b@example.com']],
  ]);
  const counts = [
    { report: 'daily', state: 'sent', count: 9 },
    { report: 'daily', state: 'failed', count: 1 },
  ];
  const facts = { counts, waiting: [{ report: 'weekly', slot: '2021-W51' }], lanes: [] };
  const digest = digestOf('2021-12-21', facts, owners, lanes);
  expect(digest.text).toBe('daily: 9 sent, 1 failed\nweekly 2021-W51: waits for its data');
  expect(digest.to.map(({ rung }) => rung.address)).toEqual(['a@example.com', 'b@example.com']);
});

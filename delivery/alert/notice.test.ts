import { expect, test } from 'vitest';
import type { Lanes } from '../edition/lane.ts';
import { noticesFor, type Trouble } from './notice.ts';

const lanes: Lanes = new Map([
  ['email', { name: 'email', address: 'email', split: 'whole' }],
  ['chat', { name: 'chat', address: 'phone', split: 'by-file' }],
]);
const owners = new Map([
  ['daily', ['email:a@example.com', 'chat:+919800000001', 'pager:7']],
  ['weekly', ['email:a@example.com']],
]);
const now = new Date('2021-12-22T03:00:00Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const lane = (name: string, minutes: number): Trouble => {
  return { kind: 'lane', lane: name, since: minutesAgo(minutes), reason: 'no login' };
};
const told = (...troubles: Trouble[]) =>
  noticesFor(troubles, { owners, lanes }, now).map(({ id, to }) => [id, to.map(({ rung }) => rung.lane)]);

test('a slot that ended aloud is told to its own owners, by the lanes the project has', () => {
  const ended = { kind: 'ended', id: '7', report: 'daily', slot: '2021-12-21', reason: 'no data' } as const;
  expect(told(ended)).toEqual([['ended/7', ['email', 'chat']]]);
  expect(told({ ...ended, report: 'nobody' })).toEqual([]);
});

test('a lane in trouble is told by another lane, after a while, under a name that stays the same', () => {
  expect(told(lane('email', 4))).toEqual([]);
  expect(told(lane('email', 5))).toEqual([['lane/email/2021-12-22T02:55:00.000Z', ['chat']]]);
  expect(told(lane('email', 9), lane('chat', 9)).map(([, by]) => by)).toEqual([
    ['email', 'chat'],
    ['email', 'chat'],
  ]);
});

test('bounces are told again when they have doubled, not one by one', () => {
  const bounced = {
    kind: 'messages',
    state: 'bounced',
    id: '7',
    report: 'weekly',
    slot: '2021-W51',
    reason: '',
  } as const;
  const ids = Array.from({ length: 1_000 }, (_, index) => told({ ...bounced, count: index + 1 })[0]?.[0]);
  expect(new Set(ids).size).toBe(10);
  expect(ids.slice(0, 4)).toEqual(['bounced/7/1', 'bounced/7/2', 'bounced/7/2', 'bounced/7/4']);
});

test('no address and nothing but the address is lost on the way', () => {
  const [notice] = noticesFor([lane('chat', 9)], { owners, lanes }, now);
  expect(notice?.to[0]?.rung.address).toBe('a@example.com');
  expect(JSON.stringify([notice?.id, notice?.subject, notice?.text, notice?.to[0]?.id])).not.toContain('example');
});

test('a lane that stands still is told of at once and once, by another, also when something was to be sent', () => {
  const stopped: Trouble = { kind: 'stopped', lane: 'chat', since: minutesAgo(1), reason: 'unlinked' };
  const notice = ['stopped/chat/2021-12-22T02:59:00.000Z', ['email']];
  expect(told(stopped)).toEqual([notice]);
  expect(told(stopped, lane('chat', 9))).toEqual([notice]);
});

test('a channel that will stop is told of once a month, by another', () => {
  const warning = { kind: 'warning', lane: 'email', reason: 'its phone is away' } as const;
  const ids = ['2021-12-22', '2021-12-29', '2022-01-02'].map(
    (day) => noticesFor([warning], { owners, lanes }, new Date(`${day}T00:00:00Z`))[0]?.id,
  );
  expect(ids).toEqual(['warning/email/2021-12', 'warning/email/2021-12', 'warning/email/2022-01']);
});

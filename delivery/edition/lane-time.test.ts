import { expect, test } from 'vitest';
import { laneTime, partsByLane } from './lane-time.ts';
import type { PlannedMessage } from './plan-messages.ts';

const message = (split: 'whole' | 'by-file', attach: PlannedMessage['attach']): PlannedMessage => ({
  edition: 'whole',
  entry: 'all',
  recipient: { id: 'asha' },
  rungs: [
    { lane: split, address: 'x', split },
    { lane: 'later', address: 'y', split: 'whole' },
  ],
  attach,
});

test('a lane that carries a file a call takes longer, and later rungs take nothing', () => {
  const messages = [message('whole', ['pdf', 'xlsx']), message('by-file', ['pdf', 'xlsx']), message('by-file', [])];
  expect(Object.fromEntries(partsByLane(messages))).toEqual({ whole: 1, 'by-file': 3 });
});

test('time is parts by pace, side by side', () => {
  expect(laneTime('email', 9, 0.5, 4)).toEqual({ lane: 'email', parts: 9, seconds: 1.5 });
  expect(laneTime('email', 9, undefined, 4).seconds).toBeNull();
});

import { expect, test } from 'vitest';
import type { HeldMessage } from '../ledger/held-messages.ts';
import { countStates, describeMessage, exitCodeFor, reasonsOf } from './slot-answer.ts';

test('the exit code says whether somebody must look', () => {
  const code = (...states: HeldMessage['state'][]) => exitCodeFor(states.map((state) => ({ state })));
  expect(code()).toBe(0);
  expect(code('sent', 'delivered', 'suppressed', 'cancelled')).toBe(0);
  expect(code('sent', 'unclear')).toBe(3);
  expect(code('queued')).toBe(3);
  expect(code('unclear', 'failed')).toBe(1);
  expect(countStates([{ state: 'sent' }, { state: 'held' }, { state: 'sent' }])).toBe('2 sent, 1 held');
});

test('a part that carries two files is two entries, one that carries none is one', () => {
  const part = { id: '1', state: 'sent', attempts: 1, reason: undefined, providerId: 'x' } as const;
  const file = { format: 'pdf', name: 'Sales.pdf', mediaType: 'application/pdf', sha256: 'abc', bytes: 3 } as const;
  const message: HeldMessage = {
    id: '7',
    edition: 'whole',
    entry: 'office',
    recipient: 'asha',
    channel: 'email',
    state: 'sent',
    parts: [
      { ...part, reference: 'R1', files: [file, { ...file, format: 'xlsx' }] },
      { ...part, reference: 'R2', files: [] },
    ],
  };
  const late = {
    ...message,
    state: 'queued',
    parts: [{ ...part, state: 'queued', reason: 'busy', reference: 'R3', files: [] }],
  } as const;
  expect(reasonsOf([message, late, late])).toEqual(['email: 2 queued: busy']);
  expect(describeMessage(message, { pathOf: (sha256) => `files/${sha256}` }).parts).toMatchObject([
    { format: 'pdf', path: 'files/abc', bytes: 3, sha256: 'abc', state: 'sent', part: 'R1' },
    { format: 'xlsx', part: 'R1' },
    { format: null, part: 'R2' },
  ]);
});

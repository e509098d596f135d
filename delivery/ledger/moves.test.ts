import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSettled, ladderMove, type PartState, partStates, statesBefore } from './moves.ts';

test('nothing comes back into the queue but what was refused for now or surely not sent', () => {
  expect(statesBefore('queued')).toEqual(['sending', 'unclear', 'held']);
  expect(statesBefore('sending')).toEqual(['queued']);
  expect(statesBefore('sent')).toEqual(['sending', 'unclear', 'held']);
});

test('what has reached a person never fails silently or goes out again', () => {
  const reached: PartState[] = ['delivered', 'read', 'failed', 'expired', 'suppressed', 'cancelled'];
  for (const state of reached) expect(statesBefore('sending').concat(statesBefore('queued'))).not.toContain(state);
  expect(partStates.filter((state) => !isSettled(state))).toEqual(['queued', 'sending', 'unclear', 'held']);
});

test('a ladder goes on only after sure failure', () => {
  expect(ladderMove(['failed'])).toBe('next-rung');
  expect(ladderMove(['failed', 'queued'])).toBe('next-rung');
  expect(ladderMove(['suppressed', 'cancelled'])).toBe('next-rung');
  expect(ladderMove(['cancelled'])).toBe('stay');
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...partStates), { maxLength: 5 }), (states) => {
      const mayHaveGone = (['sending', 'sent', 'delivered', 'read', 'unclear', 'held'] as PartState[]).some((one) =>
        states.includes(one),
      );
      if (mayHaveGone) expect(ladderMove(states)).toBe('stay');
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Receipt } from '../send/channel.ts';
import { afterReceipt } from './receipt.ts';

const kinds: Receipt['kind'][] = ['sent', 'delivered', 'read', 'undelivered'];

test('delivered, then read; repeated or the other way round ends at read', () => {
  const run = (start: string, told: readonly Receipt['kind'][]) =>
    told.reduce((state, kind) => {
      const move = afterReceipt(state, kind);
      return move.kind === 'move' ? move.to : state;
    }, start);
  expect(run('sent', ['delivered', 'delivered', 'read'])).toBe('read');
  expect(run('sent', ['read', 'delivered', 'delivered'])).toBe('read');
  expect(run('sent', ['undelivered', 'delivered'])).toBe('failed');
  expect(run('sent', ['delivered', 'undelivered'])).toBe('delivered');
  expect(run('unclear', ['delivered'])).toBe('delivered');
  expect(run('unclear', ['sent', 'delivered'])).toBe('delivered');
  expect(run('delivered', ['sent'])).toBe('delivered');
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...kinds)), (told) => {
      if (told.includes('read') && !told.includes('undelivered')) expect(run('sent', told)).toBe('read');
    }),
  );
});

test('what was never sent is moved by no receipt, and what is being sent waits for its answer', () => {
  for (const state of ['queued', 'failed', 'expired', 'suppressed', 'cancelled', 'read']) {
    for (const kind of kinds) expect([state, kind, afterReceipt(state, kind).kind]).toEqual([state, kind, 'ignore']);
  }
  expect(kinds.map((kind) => afterReceipt('sending', kind).kind)).toEqual(kinds.map(() => 'wait'));
});

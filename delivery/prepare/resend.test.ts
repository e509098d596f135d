import { expect, test } from 'vitest';
import type { HeldSlot, SlotState } from '../ledger/slots.ts';
import { resendNumber } from './resend.ts';

const held = (state: SlotState, resend: number): HeldSlot => {
  return { id: '1', report: 'daily', slot: '2021-12-21', state, resend, frozen: undefined };
};

test('a sealed slot whose messages have ended is sent under the next number', () => {
  expect(resendNumber(undefined, [])).toBe(0);
  expect(resendNumber(held('sealed', 0), [{ state: 'sent' }, { state: 'failed' }])).toBe(1);
});

test('what a crash left half-way is gone on with', () => {
  expect(resendNumber(held('frozen', 2), [])).toBe(2);
  expect(resendNumber(held('waiting', 1), [])).toBe(1);
});

test('nothing is sent again while it may still have gone', () => {
  expect(() => resendNumber(held('sealed', 0), [{ state: 'unclear' }, { state: 'sent' }])).toThrow(/1 messages/);
});

import { expect, test } from 'vitest';
import { resendNumber } from './resend.ts';

const slot = { report: 'daily', id: '2021-12-21' };

test('a slot whose messages have ended is sent under the next number', () => {
  expect(resendNumber(slot, undefined, [])).toBe(0);
  expect(resendNumber(slot, 0, [{ state: 'sent' }, { state: 'failed' }])).toBe(1);
});

test('nothing is sent again while it may still have gone', () => {
  expect(() => resendNumber(slot, 0, [{ state: 'unclear' }, { state: 'sent' }])).toThrow(/1 messages/);
});

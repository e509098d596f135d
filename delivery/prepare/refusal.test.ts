import { expect, test } from 'vitest';
import { rightOrThrow } from './refusal.ts';

const file = { bytes: new Uint8Array(), mediaType: 'application/pdf', extension: 'pdf' };
const problems = [
  { file: 'loan.pdf', severity: 'error', code: 'wrong-row', message: 'row 1: Asha, not Usha' },
] as const;

test('a refused file is told by its edition and language, and cells stand in the problems alone', () => {
  const refused = { kind: 'wrong', problems, ...file } as const;
  expect(() => rightOrThrow(refused, { key: 'L00042', locale: 'hi' }, 'pdf')).toThrow(
    expect.objectContaining({
      code: 'failed',
      message: 'the pdf of edition L00042 (hi) does not say what the data says; it was not sent',
      problems,
    }),
  );
  expect(() => rightOrThrow(refused, { key: 'whole' }, 'pdf')).toThrow('the pdf does not say');
});

test('a right file passes, and what a machine cannot make is said with what to do', () => {
  const right = { kind: 'right', ...file } as const;
  expect(rightOrThrow(right, { key: 'whole' }, 'pdf')).toBe(right);
  const none = { kind: 'unavailable', reason: 'no browser', hint: 'Install one.' } as const;
  expect(() => rightOrThrow(none, { key: 'whole' }, 'png')).toThrow(expect.objectContaining({ hint: 'Install one.' }));
});

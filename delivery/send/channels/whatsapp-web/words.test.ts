import { expect, test } from 'vitest';
import { isBefore } from './bubbles.ts';
import { captionOf, sameWords } from './caption.ts';
import { chatAddress } from './recipient.ts';
import { settingsSchema } from './settings.ts';
import { takes } from './write-part.ts';

const content = (caption: string, files = 0) => ({
  subject: '',
  text: 'the text',
  html: '',
  caption,
  attachments: Array.from({ length: files }, () => ({
    format: 'pdf' as const,
    name: 'a.pdf',
    mediaType: 'application/pdf',
    sha256: '',
    bytes: 1,
  })),
});

test('every caption ends with its reference, however long its words are', () => {
  expect(captionOf({ content: content('Sales\r\n\r\n\r\n\r\nup  \n'), reference: '06NRMA4XE37G' })).toBe(
    'Sales\n\nup\n\nRef 06NRMA4XE37G',
  );
  expect(captionOf({ content: content(''), reference: '06NRMA4XE37G' })).toBe('the text\n\nRef 06NRMA4XE37G');
  const long = captionOf({ content: content('ü'.repeat(5_000), 1), reference: '06NRMA4XE37G' });
  expect([[...long].length <= 1_000, long.endsWith('…\n\nRef 06NRMA4XE37G')]).toEqual([true, true]);
});

test('words are the same whatever a page does to their spaces', () => {
  expect(sameWords('one\ntwo three', 'onetwo\u00a0three\u200b')).toBe(true);
  expect(sameWords('one two', 'one tw')).toBe(false);
});

test('a message is older only when it is so in either order of day and month', () => {
  const since = new Date('2021-12-10T10:00:00Z');
  expect(isBefore('[10:21, 3/11/2021] Asha: ', since)).toBe(true);
  // 12 March or 3 December: one of them is too near.
  expect(isBefore('[10:21, 12/3/2021] Asha: ', new Date('2021-12-04T00:00:00Z'))).toBe(false);
  expect(isBefore('[10:21, 9/12/2021] Asha: ', since)).toBe(false);
  expect(isBefore('', since)).toBe(false);
});

test("pictures and documents go into their own inputs, and nothing into the sticker's", () => {
  expect([takes('*', false), takes('image/*,video/mp4', true)]).toEqual([true, true]);
  expect([takes('image/*', true), takes('image/*', false)]).toEqual([false, false]);
});

test('an address is a phone or the exact name of a chat', () => {
  expect(chatAddress('+919812345678')).toEqual({ kind: 'phone', digits: '919812345678' });
  expect(chatAddress('group: Store managers')).toEqual({ kind: 'named', name: 'Store managers' });
});

test('what project.yml says wrong is told', () => {
  const problem = (settings: unknown) => settingsSchema.safeParse(settings).error?.issues[0]?.message;
  expect(problem({})).toBeUndefined();
  expect(problem({ url: 'https://example.com/' })).toContain('http://127.0.0.1:8090/');
  expect(problem({ settle: '1m' })).toContain('at least 4m');
  expect(problem({ gap: '25s..8s' })).toContain('the shorter one first');
  expect(problem({ quiet: { from: '21:00', until: '08:00', timezone: 'Mars' } })).toContain('time zone');
  expect(problem({ gaps: '1s..2s' })).toContain('gaps');
});

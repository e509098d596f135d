import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Link, readLink, signLink } from './signed-link.ts';

const now = new Date('2021-12-22T03:00:00Z');
const file: Link = {
  kind: 'file',
  sha256: 'ab'.repeat(32),
  name: 'बिक्री 2021-12-21.pdf',
  mediaType: 'application/pdf',
  expires: now.getTime() + 1,
};

test('a link says what it was signed for, until it expires', () => {
  const token = signLink('secret', file);
  expect(token).toMatch(/^[\w-]+\.[\w-]+$/);
  expect(readLink('secret', token, now)).toEqual(file);
  expect(readLink('secret', token, new Date(now.getTime() + 1))).toBeUndefined();
  expect(readLink('another', token, now)).toBeUndefined();
});

test('no token but ours says anything, however it was changed', () => {
  const token = signLink('secret', { kind: 'unsubscribe', reference: '06NRMA4XE37G' });
  fc.assert(
    fc.property(fc.nat({ max: token.length - 1 }), fc.string({ minLength: 1, maxLength: 1 }), (at, sign) => {
      const changed = token.slice(0, at) + sign + token.slice(at + 1);
      if (changed !== token) expect(readLink('secret', changed, now)).toBeUndefined();
    }),
  );
  for (const other of ['', '.', '..', 'a.b', `${token}.x`]) expect(readLink('secret', other, now)).toBeUndefined();
});

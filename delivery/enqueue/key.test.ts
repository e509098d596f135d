import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dedupKey, type MessageIdentity, partKey, partReference } from './key.ts';

const identity: MessageIdentity = {
  report: 'daily_sales',
  slot: '2021-12-21',
  edition: 'whole',
  recipient: 'asha',
  entry: 'office',
  resend: 0,
};

test('a key is made for ever: changing how it is made would send everything again', () => {
  expect(dedupKey('secret', identity)).toBe('2b2a3e20f47569e88e317bfb2f9e701e3d4c36c2e25b60685bd57a0a8cd5666b');
  expect(partReference(partKey(dedupKey('secret', identity), 0, 0))).toBe('06NRMA4XE37G');
});

test('identities that differ have keys that differ, however their texts run together', () => {
  const field = fc.string({ maxLength: 4, unit: fc.constantFrom('a', '/', '"', ',', '0') });
  const identities = fc.record({
    report: field,
    slot: field,
    edition: field,
    recipient: field,
    entry: field,
    resend: fc.nat({ max: 2 }),
  });
  fc.assert(
    fc.property(identities, identities, (a, b) => {
      const same = JSON.stringify(a) === JSON.stringify(b);
      expect(dedupKey('s', a) === dedupKey('s', b)).toBe(same);
    }),
    { numRuns: 100 },
  );
  expect(dedupKey('a', identity)).not.toBe(dedupKey('b', identity));
});

test('every part has a reference of its own that a person can read out', () => {
  const key = dedupKey('secret', identity);
  const references = [0, 1, 2].flatMap((rung) => [0, 1, 2].map((part) => partReference(partKey(key, rung, part))));
  expect(new Set(references).size).toBe(9);
  for (const reference of references) expect(reference).toMatch(/^[0-9A-HJKMNP-TV-Z]{12}$/);
});

import { expect, test } from 'vitest';
import { sealOf } from './seal.ts';

test('what is sealed says nothing, opens with its key and at its place, and nowhere else', () => {
  const seal = sealOf('a key of many signs');
  const value = seal.close('{"private":"x"}', 'whatsapp/creds/');
  expect(value).not.toContain('private');
  expect(seal.close('same', 'p')).not.toBe(seal.close('same', 'p'));
  expect(seal.open(value, 'whatsapp/creds/')).toBe('{"private":"x"}');
  for (const wrong of [sealOf('another key of signs'), sealOf(undefined)]) {
    expect(() => wrong.open(value, 'whatsapp/creds/')).toThrow(/session/);
  }
  expect(() => seal.open(value, 'other/creds/')).toThrow(/session/);
});

test('without a key values are kept as they are; a key that comes later reads them, too', () => {
  const value = sealOf(undefined).close('{}', 'p');
  expect([value, sealOf('a key of many signs').open(value, 'p')]).toEqual(['{}', '{}']);
});

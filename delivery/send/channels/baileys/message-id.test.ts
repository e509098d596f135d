import { expect, test } from 'vitest';
import { partKey, partReference } from '../../../enqueue/key.ts';
import { messageId, referenceOf } from './message-id.ts';

test("a part's id is the same at every attempt, looks like a web client's, and leads back to the part", () => {
  const key = partKey('a'.repeat(64), 0, 1);
  expect(messageId(key)).toBe(messageId(key));
  expect(messageId(key)).toMatch(/^3EB0[0-9A-F]{18}$/);
  expect(messageId(partKey('a'.repeat(64), 0, 0))).not.toBe(messageId(key));
  expect(referenceOf(messageId(key))).toBe(partReference(key));
});

test('an id that somebody else made leads nowhere', () => {
  for (const id of ['3EB0', 'ABCDEF', '3EB0C767D26F5B5E1F2A7', `3EB0${'g'.repeat(18)}`])
    expect(referenceOf(id)).toBeUndefined();
});

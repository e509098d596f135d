import { expect, test } from 'vitest';
import { isDictionary, openPdfReader } from './pdf-syntax.ts';

function valuesOf(text: string) {
  const reader = openPdfReader(text);
  const values: unknown[] = [];
  for (let value = reader.next(); value !== undefined; value = reader.next()) values.push(value);
  return values;
}

test('values and operators', () => {
  expect(valuesOf('1 -2.5 +.5 true null (a(b)\\)\\051\\n) <48 69> [1 (x)] % a comment\n/Name BT')).toEqual([
    1,
    -2.5,
    0.5,
    true,
    null,
    'a(b)))\n',
    'Hi',
    [1, 'x'],
    { kind: 'name', name: 'Name' },
    { kind: 'operator', operator: 'BT' },
  ]);
});

test('dictionaries hold references', () => {
  const [value] = valuesOf('<< /Kids [3 0 R 4 0 R] /Count 2 /Inner << /A (x) >> >>');
  if (!isDictionary(value as never)) throw new Error('no dictionary');
  const { entries } = value as { entries: ReadonlyMap<string, unknown> };
  expect(entries.get('Kids')).toEqual([
    { kind: 'reference', number: 3 },
    { kind: 'reference', number: 4 },
  ]);
  expect(entries.get('Count')).toBe(2);
});

test.each(['(never', '[1 2', '<48', '<< /A 1', ']', '<< 1 2 >>'])('%s is no PDF', (text) => {
  expect(() => valuesOf(text)).toThrow();
});

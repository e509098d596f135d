import { expect, test } from 'vitest';
import { parseLists } from './lists.ts';

const text = `recipients:
  asha: { name: Asha Rao, email: asha@example.com, locale: en-IN }
  ravi: { name: रवि, phone: "+919812345678" }
lists:
  managers: [asha, ravi]
  nobody: []
`;

test('a list gives its people with what is known of them', () => {
  const read = parseLists(text, 'recipients.yml');
  expect(read.ok && read.lists.get('managers')).toEqual([
    { id: 'asha', name: 'Asha Rao', email: 'asha@example.com', locale: 'en-IN' },
    { id: 'ravi', name: 'रवि', phone: '+919812345678' },
  ]);
  expect(read.ok && read.lists.get('nobody')).toEqual([]);
});

test('an unknown member and a wrong address are problems at their lines', () => {
  const unknown = parseLists(text.replace('[asha, ravi]', '[asha, ravy]'), 'r.yml');
  expect(unknown.ok ? [] : unknown.problems).toMatchObject([
    { line: 5, code: 'unknown-recipient', hint: 'Did you mean "ravi"?' },
  ]);
  const wrong = parseLists(text.replace('"+919812345678"', '"98123"'), 'r.yml');
  expect(wrong.ok ? [] : wrong.problems).toMatchObject([{ line: 3, code: 'invalid-value' }]);
});

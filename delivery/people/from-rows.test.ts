import { expect, test } from 'vitest';
import { recipientsFromRows } from './from-rows.ts';

test('rows become people, each once', () => {
  const rows = [
    { id: 's42', name: 'Store 42', email: 'store42@example.com', phone: null, region: 'west' },
    { id: 's42', name: 'Store 42 again', email: 'other@example.com' },
    { id: 7, email: '' },
  ];
  expect(recipientsFromRows(rows, 'recipients.sql')).toEqual([
    { id: 's42', name: 'Store 42', email: 'store42@example.com' },
    { id: '7' },
  ]);
});

test('a row that cannot be a person is named without what it holds', () => {
  const wrong = () => recipientsFromRows([{ id: 'a' }, { id: 'b', email: 'not-an-address' }], 'recipients.sql');
  expect(wrong).toThrow('recipients.sql, row 2: email is not an e-mail address');
  expect(() => recipientsFromRows([{ name: 'x' }], 'q.sql')).toThrow(/q.sql, row 1: id/);
});

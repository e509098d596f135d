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

test('preferences come as text, and what is none is named', () => {
  const row = { id: 'a', timezone: 'Asia/Dubai', quiet_hours: '21:00-08:00', formats: 'pdf, xlsx' };
  expect(recipientsFromRows([row], 'q.sql')).toEqual([{ ...row, formats: ['pdf', 'xlsx'] }]);
  const wrong = (more: object) => () => recipientsFromRows([{ ...row, ...more }], 'q.sql');
  expect(wrong({ formats: 'pdf, docx' })).toThrow('q.sql, row 1: formats is not formats of html, pdf');
  expect(wrong({ quiet_hours: '9pm-8am' })).toThrow('q.sql, row 1: quiet_hours is not quiet hours such as 21:00-08:00');
  expect(wrong({ quiet_hours: '08:00-08:00' })).toThrow('end at another time than they begin');
  expect(wrong({ timezone: 'Asia/Calcuta' })).toThrow('q.sql, row 1: timezone is not a time zone such as Asia/Kolkata');
});

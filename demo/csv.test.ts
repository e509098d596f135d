import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvColumns, csvRecord, csvRecords } from './csv.ts';

test('what is written is read back, whatever the fields hold', () => {
  const field = fc.string({ unit: fc.constantFrom('a', ' ', ',', '"', '\n', 'é', 'आ', "'") });
  const record = fc.array(field, { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(record), (records) => {
      expect([...csvRecords(records.map(csvRecord).join(''))]).toEqual(records);
    }),
  );
});

test('only the fields that need quotes get them', () => {
  expect(csvRecord(["O'MANGO & #1", 'FOUR, INC', 'a "last" stop', ''])).toBe(
    'O\'MANGO & #1,"FOUR, INC","a ""last"" stop",\n',
  );
});

test('carriage returns end a line, and the last line needs no end', () => {
  expect([...csvRecords('a,b\r\n"1,1",2\r\n,')]).toEqual([
    ['a', 'b'],
    ['1,1', '2'],
    ['', ''],
  ]);
});

test('columns are found by their names, in the order asked for', () => {
  expect([...csvColumns('Date,Store,Sale\n2021-09-01,42,1.5\n', ['Sale', 'Date'])]).toEqual([['1.5', '2021-09-01']]);
  expect(() => [...csvColumns('Date,Store\n', ['Sale'])]).toThrow('no column Sale among Date, Store');
});

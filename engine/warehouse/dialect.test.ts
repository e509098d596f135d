import { expect, test } from 'vitest';
import { quoteName, quoteRelation, textLiteral, timeLiteral } from './dialect.ts';

test('names are quoted whatever they hold', () => {
  expect(quoteName('Store "7"')).toBe('"Store ""7"""');
  expect(quoteRelation({ schema: 'kpi', name: 'store.daily' })).toBe('"kpi"."store.daily"');
  expect(() => quoteName('')).toThrow(/cannot be a name/);
  expect(() => quoteName('a\0b')).toThrow(/cannot be a name/);
});

test('text is quoted alike for servers that read backslashes and those that do not', () => {
  expect(textLiteral("O'Hara")).toBe("'O''Hara'");
  expect(textLiteral("\\'; drop")).toBe("E'\\\\''; drop'");
  expect(() => textLiteral('\0')).toThrow(/NUL/);
});

test.each([
  ['date', '2021-12-21', "date '2021-12-21'"],
  ['date', '2021-12-21T00:00:00', "date '2021-12-21'"],
  ['timestamp', '2021-12-21', "timestamp '2021-12-21 00:00:00'"],
  ['timestamp', '2021-12-21T08:30', "timestamp '2021-12-21 08:30:00'"],
  ['timestamp', '2021-12-21 08:30:00.5', "timestamp '2021-12-21 08:30:00.5'"],
  ['timestamptz', '2021-12-21T02:30:00Z', "timestamptz '2021-12-21 02:30:00+00'"],
] as const)('%s %s is %s', (type, at, literal) => {
  expect(timeLiteral(type, at)).toBe(literal);
});

test.each([
  ['date', '2021-12-21T08:00:00'],
  ['date', '2021-12-21T00:00:00Z'],
  ['timestamp', '2021-12-21T00:00:00Z'],
  ['timestamptz', '2021-12-21T00:00:00'],
  ['timestamp', "2021-12-21' or '1"],
] as const)('%s refuses %s', (type, at) => {
  expect(() => timeLiteral(type, at)).toThrow();
});

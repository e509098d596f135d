import { expect, test } from 'vitest';
import { slotAskedFor } from '../slot/slot.ts';
import { sqlScope, sqlText } from './sql-text.ts';

const slot = slotAskedFor(
  { report: 'weekly', period: 'week', timezone: 'Asia/Kolkata' },
  '2021-12-21',
  new Date('2021-12-27T02:30:00Z'),
  'x',
);
const scope = sqlScope(slot, { currency: "IN'R", floor: 10, regions: ['north', 'south'], path: 'a\\b' });
const filled = (text: string) => sqlText(text, scope, { file: 'reports/weekly/stores.sql' });

test('period and variables become typed literals', () => {
  expect(filled('d >= {{ period.from }} and d < {{ period.until }} and w = {{ period.date }}')).toBe(
    "d >= date '2021-12-20' and d < date '2021-12-27' and w = date '2021-12-26'",
  );
  expect(filled('{{ period.at }}')).toBe("timestamptz '2021-12-27T02:30:00.000Z'");
  expect(filled('a = {{ vars.currency }} and n > {{ vars.floor }} and r in ({{ vars.regions }})')).toBe(
    "a = 'IN''R' and n > 10 and r in ('north', 'south')",
  );
});

test('nothing gets into the SQL but literals', () => {
  expect(() => filled('{{ vars.currency | raw }}')).toThrow(/raw text cannot/);
  expect(() => filled('{{ vars.path }}')).toThrow(/backslash/);
  expect(() => filled('{{ vars }}')).toThrow(/only texts/);
});

test('a name that is not there is named with its line', () => {
  expect(() => filled('select 1\nwhere {{ perod.from }}')).toThrow(
    expect.objectContaining({ code: 'invalid', place: { file: 'reports/weekly/stores.sql', line: 2 } }),
  );
  expect(() => filled('{% if x %}')).toThrow(/not closed/);
});

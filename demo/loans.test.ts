import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { csvColumns } from './csv.ts';
import { loansFile, makeLoans } from './loans.ts';

test('the loans of the sample project are the made-up ones', () => {
  expect(readFileSync(loansFile, 'utf8')).toBe(makeLoans());
});

test('every language has a loan of the day that the demo reports', () => {
  const loans = [...csvColumns(makeLoans(), ['locale', 'sanctioned_on', 'email'])];
  const ofDay = loans.filter(([, day]) => day === '2022-02-28').map(([locale]) => locale);
  expect([...new Set(ofDay)]).toEqual(['en', 'hi', 'mr', 'gu']);
  expect(loans.every(([, , email]) => email.endsWith('@example.com'))).toBe(true);
});

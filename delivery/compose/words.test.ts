import { expect, test } from 'vitest';
import { madeUpDocument, madeUpFacts, sampleReport } from './made-up.ts';
import { openScope } from './scope.ts';
import { composeText } from './words.ts';

const report = await sampleReport();
const document = await madeUpDocument();
const { scope } = openScope(report, madeUpFacts);

test('the subject says the news', () => {
  const subject = report.deliver[0]?.subject ?? '';
  expect(composeText(subject, document, report)).toBe(
    'Daily sales Dec 21: $43,677, down 39.2\u00a0% on the Tuesday before',
  );
});

test('the body begins with the headline and can be read without a picture', () => {
  const lines = composeText('email.liquid', document, report, scope).split('\n');
  expect(lines[0]).toBe('Net sales: $43,677, down 39.2\u00a0% on the Tuesday before');
  expect(lines).toContain('Stores trading: 36 of 60');
  expect(lines.at(-1)).toBe('The full report is attached.');
});

test('names that mean harm stay text', async () => {
  const hostile = await madeUpDocument({ stores: 1, names: ['{{ 1 | plus: 1 }} <b>&</b>'] });
  expect(composeText('{{ tiles[3].value }}', hostile, report)).toBe('{{ 1 | plus: 1 }} <b>&</b>');
});

test('a recipient can be named; whoever is not there is an error', () => {
  expect(composeText('Dear {{ recipient.name }}', document, report, { recipient: { name: 'Asha' } })).toBe('Dear Asha');
  expect(() => composeText('Dear {{ recipient.name }}', document, report)).toThrow(/recipient/);
  expect(() => composeText('letter.liquid', document, report)).toThrow(/no file letter.liquid/);
});

test('a subject without a known change says nothing of it', () => {
  const { headline, ...rest } = document;
  if (headline?.change === undefined) throw new Error('no change');
  const unknown = { ...headline.change, figure: { ...headline.change.figure, value: null, base: null } };
  const silent = { ...rest, headline: { ...headline, change: unknown } };
  expect(composeText(report.deliver[0]?.subject ?? '', silent, report)).toBe('Daily sales Dec 21: $43,677');
});

import { expect, test } from 'vitest';
import { nameHint } from './name-hint.ts';

const scope = { headline: { value: '1' }, words: { sales: 'Sales' }, rows: [] };

test.each([
  ['undefined variable: headlin', 'Did you mean "headline"?'],
  ['undefined variable: headline.valeu', 'Did you mean "value"?'],
  ['undefined variable: words.profit', 'Known: sales.'],
  ['undefined variable: rows.first', undefined],
  ['undefined filter: mony', 'Did you mean "money"?'],
  ['tag "if" not closed', undefined],
])('%s', (message, hint) => {
  expect(nameHint(message, scope, ['money', 'percent'])).toBe(hint);
});

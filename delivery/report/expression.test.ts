import { expect, test } from 'vitest';
import { datasetsOf, parseExpression } from './expression.ts';

test('figures are parsed with their datasets', () => {
  const parsed = parseExpression(' growth( sum(stores.sum_7d), sum(before.amount) ) ');
  expect(parsed.ok && datasetsOf(parsed.expression)).toEqual(['stores', 'before']);
  expect(parseExpression('count(stores)')).toEqual({
    ok: true,
    expression: { kind: 'call', name: 'count', args: [{ kind: 'rows', dataset: 'stores' }] },
  });
});

test.each([
  ['summ(stores.amount)', 'calls "summ", which there is not', 'Did you mean "sum"?'],
  ['sum(stores)', 'gives sum what it cannot take', 'Write sum(data.column).'],
  ['growth(a.x, b.y)', 'gives growth what it cannot take', 'Write growth(sum(data.column), sum(data.column)).'],
  ['stores.amount', 'is no figure', 'Write sum(...), first(...), count(...) around it.'],
  ['sum(stores.amount', 'lacks ")" after sum(...', undefined],
  ['sum(stores.amount) + 1', 'has a sign that no figure has', undefined],
  ['sum(stores.amount) x', 'goes on after its end: "x"', undefined],
  ['sum(stores.)', 'expects a column after "stores."', undefined],
  ['', 'expects a name', undefined],
])('%s is answered', (text, message, hint) => {
  const parsed = parseExpression(text);
  expect(parsed).toEqual({ ok: false, message: `"${text}" ${message}`, ...(hint ? { hint } : {}) });
});

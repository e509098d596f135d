import { expect, test } from 'vitest';
import { compareEditions, queriesHash } from './restate.ts';

const sent = { rowsSha256: 'r1', queriesSha256: 'q1', headline: { sales: '10.50', stores: '3' }, builds: ['b1'] };

test('equal rows are the same, from whatever builds', () => {
  expect(compareEditions(sent, { ...sent, builds: ['b2', 'b3'] })).toEqual({ kind: 'same' });
});

test('figures that changed are named with what was sent and what is now', () => {
  const now = { ...sent, rowsSha256: 'r2', headline: { sales: '11.00', stores: '3' } };
  expect(compareEditions(sent, now)).toEqual({
    kind: 'changed',
    figures: [{ name: 'sales', old: '10.50', now: '11.00' }],
  });
  expect(compareEditions(sent, { ...sent, rowsSha256: 'r2' })).toEqual({ kind: 'changed', figures: [] });
  expect(compareEditions(sent, { ...sent, rowsSha256: 'r2', headline: { stores: '3' } })).toMatchObject({
    figures: [{ name: 'sales', old: '10.50', now: null }],
  });
});

test('another query, or an edition from before, is not comparable', () => {
  expect(compareEditions(sent, { ...sent, rowsSha256: 'r2', queriesSha256: 'q2' }).kind).toBe('not-comparable');
  expect(compareEditions({ rowsSha256: 'r1' }, sent).kind).toBe('not-comparable');
  const query = (sql: string) => queriesHash({ datasets: [{ name: 'stores', sql }] });
  expect(query('select 1')).not.toBe(query('select 2'));
});

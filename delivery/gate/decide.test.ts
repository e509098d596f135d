import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../slot/calendar-date.ts';
import { completeUntil, decideGate, missingDays, showBehind } from './decide.ts';

const days = { from: '2021-12-21', until: '2021-12-22' };
const deadline = new Date('2021-12-22T05:30:00Z');
const need = { models: ['kpi.store_daily', 'kpi.category_daily'], days, deadline };
const before = new Date('2021-12-22T02:30:00Z');

test('it opens when every model covers the days', () => {
  const coverage = new Map([
    ['kpi.store_daily', { days: [{ from: '2021-09-01', until: '2022-01-01' }] }],
    ['kpi.category_daily', { days: [{ from: '2021-12-21', until: '2021-12-22' }] }],
  ]);
  expect(decideGate(need, coverage, before)).toEqual({ kind: 'open' });
  expect(decideGate({ models: [], days }, new Map(), before)).toEqual({ kind: 'open' });
});

test('it waits until the deadline and then gives up, naming who is behind', () => {
  const coverage = new Map([['kpi.store_daily', { days: [{ from: '2021-09-01', until: '2022-01-01' }] }]]);
  const waits = decideGate(need, coverage, before);
  expect(waits).toEqual({ kind: 'wait', behind: [{ model: 'kpi.category_daily', missing: [days] }] });
  expect(decideGate(need, coverage, deadline).kind).toBe('give-up');
  expect(decideGate({ models: need.models, days }, coverage, new Date('2030-01-01')).kind).toBe('wait');
  expect(waits.kind === 'wait' && showBehind(waits.behind)).toBe(
    'kpi.category_daily lacks 2021-12-21 to before 2021-12-22',
  );
});

test('a day is missing exactly when no range holds it', () => {
  const at = (day: number) => addDays('2021-01-01', day);
  const range = fc
    .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }))
    .map(([from, length]) => ({ from: at(from), until: at(from + length) }));
  fc.assert(
    fc.property(range, fc.array(range, { maxLength: 8 }), (wanted, covered) => {
      const missing = missingDays(wanted, covered);
      for (let day = wanted.from; day < wanted.until; day = addDays(day, 1)) {
        const holds = (one: { from: string; until: string }) => one.from <= day && day < one.until;
        expect(missing.some(holds)).toBe(!covered.some(holds));
      }
      for (const one of missing) expect(wanted.from <= one.from && one.until <= wanted.until).toBe(true);
    }),
  );
});

test('the data is complete up to the first hole of any model', () => {
  const coverage = new Map([
    [
      'kpi.store_daily',
      {
        days: [
          { from: '2021-12-25', until: '2022-01-01' },
          { from: '2021-09-01', until: '2021-12-24' },
        ],
      },
    ],
    ['kpi.category_daily', { days: [{ from: '2021-12-01', until: '2021-12-31' }] }],
  ]);
  expect(completeUntil(need, coverage)).toBe('2021-12-24');
  expect(completeUntil({ models: ['kpi.category_daily'], days }, coverage)).toBe('2021-12-31');
  expect(completeUntil({ models: ['kpi.brand_daily'], days }, coverage)).toBe('2021-12-21');
  expect(completeUntil({ models: [], days }, coverage)).toBeUndefined();
});

import { expect, test } from 'vitest';
import { makeProducts, makeStores } from './catalogue.ts';
import { dateOf, dayOf, weekdayOf } from './days.ts';
import { tradeDays } from './trade.ts';

const trade = {
  seed: 3,
  stores: makeStores(3, 12),
  products: makeProducts(3),
  from: dayOf('2021-09-01'),
  until: dayOf('2022-03-01'),
};
const days = [...tradeDays(trade)];
const lines = days.flatMap((day) => day.lines);
const sold = (dates: (date: string) => boolean, store?: string) =>
  lines
    .filter((line) => dates(line.date) && (store === undefined || line.store.id === store))
    .reduce((sum, line) => sum + line.cents, 0);

test('days count as the calendar does', () => {
  expect(weekdayOf(dayOf('2021-12-21'))).toBe(1);
  expect(dateOf(dayOf('2024-02-29') + 1)).toBe('2024-03-01');
  expect(() => dayOf('2021-13-01')).toThrow(RangeError);
});

test('every day comes once and in order, those without lines too', () => {
  expect(days.map((day) => day.date)).toEqual(days.map((_, index) => dateOf(trade.from + index)));
  expect(days).toHaveLength(181);
});

test('a week has its season: no line on an ordinary Saturday, few on a Sunday', () => {
  const on = (weekday: number) => lines.filter((line) => weekdayOf(dayOf(line.date)) === weekday);
  expect(on(5).every((line) => line.date.startsWith('2021-12'))).toBe(true);
  expect(on(6).length).toBeLessThan(on(0).length / 10);
  const sundays = days.filter((day) => weekdayOf(dayOf(day.date)) === 6);
  expect(new Set(sundays.map((day) => day.lines.length > 0))).toEqual(new Set([true, false]));
});

test('a year has its season: the weeks before the feast sell more than January', () => {
  expect(sold((date) => date.startsWith('2021-12') && date < '2021-12-25')).toBeGreaterThan(
    1.2 * sold((date) => date.startsWith('2022-01') && date < '2022-01-25'),
  );
});

test('some stores grow and some fall', () => {
  const change = (trend: (trend: number) => boolean) => {
    const id = trade.stores.find((store) => store.lines > 0 && trend(store.trend))?.id;
    return sold((date) => date >= '2022-02', id) / sold((date) => date < '2021-10', id);
  };
  expect(change((trend) => trend > 1)).toBeGreaterThan(1);
  expect(change((trend) => trend < 1)).toBeLessThan(0.7);
});

test('line ids are unique and in order; an amount is bottles by price', () => {
  const ids = lines.map((line) => line.lineId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const day of days) expect(day.lines.map((line) => line.lineId)).toEqual(day.lines.map((l) => l.lineId).sort());
  for (const line of lines) expect(line.cents).toBe(line.quantity * line.product.price);
});

test('returns, and only returns, are negative, and take back what the store had bought', () => {
  const returns = lines.filter((line) => line.lineId.startsWith('RINV-'));
  expect(returns.length).toBeGreaterThan(10);
  expect(lines.filter((line) => line.quantity <= 0)).toEqual(returns);
  for (const back of returns) {
    const bought = lines.filter((line) => line.store === back.store && line.product === back.product);
    expect(bought.some((line) => line.date < back.date && line.quantity >= -back.quantity)).toBe(true);
  }
});

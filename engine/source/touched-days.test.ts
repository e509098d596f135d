import { expect, test } from 'vitest';
import { showEdge } from '../time/grain.ts';
import { parseDay, startOfDay } from '../time/zone.ts';
import { touchedDays } from './touched-days.ts';

const calendar = { timezone: 'Asia/Kolkata', weekStarts: 0 };
const at = (day: string) => startOfDay(calendar.timezone, parseDay(day) as number);
const range = (from: string, until: string) => ({ from: at(from), until: at(until) });
const show = (segments: ReturnType<typeof touchedDays>) =>
  segments.map(({ from, until, version }) => {
    const edge = (instant: number) => showEdge('day', instant, calendar).slice(5);
    return `${edge(from)}..${edge(until)} ${version || 'anew'}`;
  });
const load = (id: string, stretch: ReturnType<typeof range>) => ({
  source: 'raw.lines',
  file: 'a.csv',
  sequence: 1,
  id,
  sha256: '',
  size: 1,
  modifiedAt: 1,
  range: stretch,
});

test('a first file has all its days, gaps included; but not the gaps that another file covers', () => {
  const file = { range: range('2021-09-01', '2021-09-06'), days: { '2021-09-01': 'x', '2021-09-05': 'y' } };
  expect(show(touchedDays(file, undefined, [], calendar))).toEqual(['09-01..09-06 anew']);
  expect(show(touchedDays(file, undefined, [range('2021-08-01', '2021-09-05')], calendar))).toEqual([
    '09-01..09-02 anew',
    '09-05..09-06 anew',
  ]);
});

test('loaded again, only the days whose lines came, went or changed are anew', () => {
  const before = {
    load: load('l1', range('2021-09-01', '2021-09-06')),
    days: { '2021-09-01': 'a', '2021-09-02': 'b', '2021-09-03': 'c', '2021-09-05': 'e' },
  };
  const days = { '2021-09-01': 'a', '2021-09-02': 'other', '2021-09-05': 'e', '2021-09-07': 'g' };
  const file = { range: range('2021-09-01', '2021-09-08'), days };
  expect(show(touchedDays(file, before, [], calendar))).toEqual([
    '09-01..09-02 l1',
    '09-02..09-04 anew',
    '09-04..09-06 l1',
    '09-06..09-08 anew',
  ]);
});

import { expect, test } from 'vitest';
import { showEdge } from '../time/grain.ts';
import { parseDay, startOfDay } from '../time/zone.ts';
import type { IncrementalNode, PlanNode } from './node.ts';
import type { FoundFile, Step } from './step.ts';
import { memoryWarehouse } from './test-warehouse.ts';

const calendar = { timezone: 'Asia/Kolkata', weekStarts: 0 };
const at = (day: string) => startOfDay(calendar.timezone, parseDay(day) as number);
const range = (from: string, until: string) => ({ from: at(from), until: at(until) });

const nodes: PlanNode[] = [
  { kind: 'source', name: 'raw.lines', timed: true, restates: false },
  { kind: 'source', name: 'raw.products', timed: false, restates: false },
  { kind: 'view', name: 'staging.lines', sqlHash: 'v1', inputs: ['raw.lines'], audits: [], restates: false },
  { kind: 'view', name: 'staging.products', sqlHash: 'p1', inputs: ['raw.products'], audits: [], restates: false },
  {
    kind: 'incremental',
    name: 'kpi.daily',
    sqlHash: 'k1',
    inputs: ['staging.lines', 'staging.products'],
    start: undefined,
    audits: [],
    windowing: {
      timeColumn: 'd',
      grain: 'day',
      start: undefined,
      batch: 10,
      lookback: undefined,
      onChange: 'rebuild',
      readsBack: { 'staging.lines': { count: 6, unit: 'day' } },
    },
  },
  {
    kind: 'incremental',
    name: 'kpi.weekly',
    sqlHash: 'w1',
    inputs: ['kpi.daily'],
    start: undefined,
    audits: [],
    windowing: {
      timeColumn: 'd',
      grain: 'week',
      start: undefined,
      batch: 10,
      readsBack: {},
      lookback: undefined,
      onChange: 'rebuild',
    },
  },
];

const file = (name: string, from: string, until: string, sha256 = name): FoundFile => ({
  source: 'raw.lines',
  file: name,
  path: name,
  sha256,
  size: 1,
  modifiedAt: 0,
  range: range(from, until),
});
const products = (sha256: string): FoundFile => ({
  source: 'raw.products',
  file: 'products.csv',
  path: 'products.csv',
  sha256,
  size: 1,
  modifiedAt: 0,
});

/** The project with a daily table of other windowing, or of other SQL. */
const withDaily = (windowing: Partial<IncrementalNode['windowing']>, sqlHash = 'k1') =>
  nodes.map((node) =>
    node.kind === 'incremental' && node.name === 'kpi.daily'
      ? { ...node, sqlHash, windowing: { ...node.windowing, ...windowing } }
      : node,
  );

const warehouse = () => memoryWarehouse(nodes, calendar);

const show = (steps: readonly Step[]) =>
  steps.map((step) => {
    const edges = step.kind === 'window' ? step.range : undefined;
    const edge = (instant: number) => showEdge('day', instant, calendar);
    return edges ? `${step.model} ${edge(edges.from)}..${edge(edges.until)}` : `${step.kind} ${step.model}`;
  });

test('a first plan loads, defines and builds all, in the order of the data; a second has nothing to do', () => {
  const house = warehouse();
  const first = house.plan({ files: [file('a', '2021-09-01', '2021-09-16'), products('p')] });
  expect(show(first.steps)).toEqual([
    'load raw.lines',
    'load raw.products',
    'view staging.lines',
    'view staging.products',
    'kpi.daily 2021-09-01..2021-09-11',
    'kpi.daily 2021-09-11..2021-09-16',
    'kpi.weekly 2021-08-30..2021-09-13',
  ]);
  expect(first.steps.slice(4).map((step) => step.needs)).toEqual([[3, 4], [3, 4, 5], [6]]);
  house.perform(first);
  expect(house.plan().steps).toEqual([]);
});

test('new days bring exactly their windows; a week waits until it is whole', () => {
  const house = warehouse();
  house.perform(house.plan({ files: [file('a', '2021-09-01', '2021-09-16'), products('p')] }));
  const more = house.plan({ files: [file('b', '2021-09-16', '2021-09-18')] });
  expect(show(more.steps)).toEqual(['load raw.lines', 'kpi.daily 2021-09-16..2021-09-18']);
});

test('a changed file makes stale the windows that read it, as far as they read back, and no other', () => {
  const house = warehouse();
  const files = [
    file('a', '2021-09-01', '2021-09-05'),
    file('b', '2021-09-05', '2021-09-06'),
    file('c', '2021-09-06', '2021-10-04'),
  ];
  house.perform(house.plan({ files: [...files, products('p')] }));
  const late = house.plan({ files: [file('b', '2021-09-05', '2021-09-06', 'other')] });
  expect(show(late.steps)).toEqual([
    'load raw.lines',
    'kpi.daily 2021-09-05..2021-09-12',
    'kpi.weekly 2021-08-30..2021-09-13',
  ]);
  expect(late.steps[1]).toMatchObject({ reason: 'staging.lines changed', needs: [1] });
});

test('a product list restates no history', () => {
  const house = warehouse();
  house.perform(house.plan({ files: [file('a', '2021-09-01', '2021-09-16'), products('p')] }));
  expect(show(house.plan({ files: [products('q')] }).steps)).toEqual(['load raw.products']);
});

test('changed SQL makes all windows stale, and what reads them', () => {
  const house = warehouse();
  house.perform(house.plan({ files: [file('a', '2021-09-01', '2021-09-13'), products('p')] }));
  house.define(withDaily({}, 'k2'));
  const plan = house.plan();
  expect(show(plan.steps)).toEqual([
    'kpi.daily 2021-09-01..2021-09-11',
    'kpi.daily 2021-09-11..2021-09-13',
    'kpi.weekly 2021-08-30..2021-09-13',
  ]);
  expect(plan.steps[0]?.reason).toBe('its SQL changed');
});

test('a range limits the work to whole windows; rebuild asks for current ones too', () => {
  const house = warehouse();
  house.perform(house.plan({ files: [file('a', '2021-09-01', '2021-09-27'), products('p')] }));
  const week = house.plan({ range: range('2021-09-07', '2021-09-09'), rebuild: true });
  expect(show(week.steps)).toEqual(['kpi.daily 2021-09-07..2021-09-09', 'kpi.weekly 2021-09-06..2021-09-13']);
  expect(week.steps[0]).toMatchObject({ forced: true, reason: 'rebuild asked' });
});

test('what has no data yet waits and says for what', () => {
  const house = warehouse();
  const plan = house.plan({ files: [file('a', '2021-09-01', '2021-09-02')] });
  expect(plan.waiting.map(({ model, reason }) => `${model}: ${reason}`)).toEqual([
    'staging.products: raw.products has no data yet',
    'kpi.daily: staging.products is not built yet',
    'kpi.weekly: kpi.daily has no data yet',
  ]);
});

test('a hole in an input holds back just the windows that would read it', () => {
  const house = warehouse();
  const files = [file('a', '2021-09-01', '2021-09-04'), file('b', '2021-09-05', '2021-09-20'), products('p')];
  const plan = house.plan({ files });
  expect(show(plan.steps).slice(5)).toEqual([
    'kpi.daily 2021-09-01..2021-09-04',
    'kpi.daily 2021-09-11..2021-09-20',
    'kpi.weekly 2021-09-13..2021-09-20',
  ]);
  expect(plan.waiting[0]).toMatchObject({ model: 'kpi.daily', reason: 'staging.lines is not there' });
});

test('lookback: windows before a newer one are built once more when it becomes due, and never after', () => {
  const house = warehouse();
  house.define(withDaily({ lookback: { count: 3, unit: 'day' } }));
  house.perform(house.plan({ files: [file('a', '2021-09-01', '2021-09-10'), products('p')] }));
  expect(house.plan().steps).toEqual([]);
  const next = house.plan({ files: [file('b', '2021-09-10', '2021-09-11')] });
  expect(show(next.steps)).toEqual(['load raw.lines', 'kpi.daily 2021-09-07..2021-09-11']);
  expect(next.steps[1]?.reason).toBe('missing; late rows may have come');
  house.perform(next);
  expect(house.plan().steps).toEqual([]);
  const far = house.plan({ files: [file('c', '2021-09-11', '2021-09-20')] });
  expect(show(far.steps)).toEqual([
    'load raw.lines',
    'kpi.daily 2021-09-08..2021-09-18',
    'kpi.daily 2021-09-18..2021-09-20',
    'kpi.weekly 2021-09-06..2021-09-20',
  ]);
});

test('on_change: forward keeps history as it is and says so; a window that becomes stale gets the new SQL', () => {
  const house = warehouse();
  const files = [file('a', '2021-09-01', '2021-09-06'), file('b', '2021-09-06', '2021-09-13'), products('p')];
  house.perform(house.plan({ files }));
  house.define(withDaily({ onChange: 'forward', readsBack: {} }, 'k2'));
  const plan = house.plan({ files: [file('c', '2021-09-13', '2021-09-15')] });
  expect(show(plan.steps)).toEqual(['load raw.lines', 'kpi.daily 2021-09-13..2021-09-15']);
  expect(plan.kept).toMatchObject([{ model: 'kpi.daily', range: range('2021-09-01', '2021-09-13') }]);
  house.perform(plan);
  const late = house.plan({ files: [file('a', '2021-09-01', '2021-09-06', 'other')] });
  expect(show(late.steps).slice(1)).toEqual(['kpi.daily 2021-09-01..2021-09-06', 'kpi.weekly 2021-08-30..2021-09-06']);
  expect(late.kept).toMatchObject([{ range: range('2021-09-06', '2021-09-13') }]);
  house.perform(late);
  expect(house.plan()).toMatchObject({ steps: [], kept: [{ range: range('2021-09-06', '2021-09-13') }] });
});

test('a product list that says `restates: true` makes the history stale of all that reads it, through views too', () => {
  const house = warehouse();
  const changed = nodes.map((node) => (node.name === 'raw.products' ? { ...node, restates: true } : node));
  house.define(changed);
  house.perform(house.plan({ files: [file('a', '2021-09-01', '2021-09-06'), products('p')] }));
  const plan = house.plan({ files: [products('q')] });
  expect(show(plan.steps)).toEqual([
    'load raw.products',
    'kpi.daily 2021-09-01..2021-09-06',
    'kpi.weekly 2021-08-30..2021-09-06',
  ]);
  house.perform(plan);
  expect(house.plan().steps).toEqual([]);
});

test('a first window that begins before `start` or before the data is partial and counts as whole', () => {
  const house = warehouse();
  const weekly = nodes.map((node) => (node.name === 'kpi.weekly' ? { ...node, start: at('2021-09-15') } : node));
  house.define(weekly);
  const plan = house.plan({ files: [file('a', '2021-09-01', '2021-09-29'), products('p')] });
  expect(show(plan.steps).at(-1)).toBe('kpi.weekly 2021-09-13..2021-09-27');
  house.perform(plan);
  expect(house.plan()).toEqual({ steps: [], waiting: [], kept: [] });
  house.define(nodes);
  expect(show(house.plan().steps)).toEqual(['kpi.weekly 2021-08-30..2021-09-13']);
  house.perform(house.plan());
  // Days from before the first ones: the partial week is made whole.
  const earlier = house.plan({ files: [file('z', '2021-08-31', '2021-09-01')] });
  expect(show(earlier.steps)).toEqual([
    'load raw.lines',
    'kpi.daily 2021-08-31..2021-09-07',
    'kpi.weekly 2021-08-30..2021-09-13',
  ]);
});

test('reading back a month reaches the ends of short months', () => {
  const house = warehouse();
  house.define(withDaily({ readsBack: { 'staging.lines': { count: 1, unit: 'month' } }, batch: 90 }));
  const files = [file('a', '2021-01-30', '2021-01-31'), file('b', '2021-01-31', '2021-03-03'), products('p')];
  house.perform(house.plan({ files }));
  // The 28th of February reads from the 28th of January, though a month after the 31st is no later than the 28th.
  const late = house.plan({ files: [file('a', '2021-01-30', '2021-01-31', 'other')] });
  expect(show(late.steps)[1]).toBe('kpi.daily 2021-01-30..2021-03-01');
});

test('two years of hours one by one: a step waits for its inputs and the step before it, not for all of them', () => {
  const hours = (name: string, inputs: readonly string[]) => ({
    kind: 'incremental' as const,
    name,
    sqlHash: 'h',
    inputs,
    start: undefined,
    audits: [],
    windowing: {
      timeColumn: 'h',
      grain: 'hour' as const,
      start: undefined,
      batch: 1,
      readsBack: {},
      lookback: undefined,
      onChange: 'rebuild' as const,
    },
  });
  const house = warehouse();
  house.define([nodes[0] as PlanNode, hours('kpi.hourly', ['raw.lines']), hours('kpi.next', ['kpi.hourly'])]);
  const { steps } = house.plan({ files: [file('a', '2021-09-01', '2023-09-01')] });
  expect(steps).toHaveLength(1 + 2 * 730 * 24);
  expect(Math.max(...steps.map((step) => step.needs.length))).toBe(2);
});

test('a stretch that was asked for and that no input reaches yet waits', () => {
  const house = warehouse();
  house.perform(house.plan({ files: [file('a', '2021-09-01', '2021-09-13'), products('p')] }));
  const later = house.plan({ range: range('2021-09-12', '2021-09-15') });
  expect(later.steps).toEqual([]);
  expect(later.waiting.map(({ model, reason }) => `${model}: ${reason}`)).toContain(
    'kpi.daily: its inputs have no data there yet',
  );
  expect(house.plan({ range: range('2021-09-01', '2021-09-03') }).waiting).toEqual([]);
});

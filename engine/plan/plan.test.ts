import { expect, test } from 'vitest';
import { showEdge } from '../time/grain.ts';
import { parseDay, startOfDay } from '../time/zone.ts';
import { makePlan, type PlanRequest } from './plan.ts';
import type { Build, Load, Recorded } from './record.ts';
import { type PlanNode, stateOf } from './state.ts';
import type { FoundFile, Step } from './step.ts';

const calendar = { timezone: 'Asia/Kolkata', weekStarts: 0 };
const at = (day: string) => startOfDay(calendar.timezone, parseDay(day) as number);
const range = (from: string, until: string) => ({ from: at(from), until: at(until) });

const nodes: PlanNode[] = [
  { kind: 'source', name: 'raw.lines', timed: true },
  { kind: 'source', name: 'raw.products', timed: false },
  { kind: 'view', name: 'staging.lines', sqlHash: 'v1', inputs: ['raw.lines'], audited: false },
  { kind: 'view', name: 'staging.products', sqlHash: 'p1', inputs: ['raw.products'], audited: false },
  {
    kind: 'incremental',
    name: 'kpi.daily',
    sqlHash: 'k1',
    inputs: ['staging.lines', 'staging.products'],
    start: undefined,
    windowing: {
      timeColumn: 'd',
      grain: 'day',
      start: undefined,
      batch: 10,
      readsBack: { 'staging.lines': { count: 6, unit: 'day' } },
    },
  },
  {
    kind: 'incremental',
    name: 'kpi.weekly',
    sqlHash: 'w1',
    inputs: ['kpi.daily'],
    start: undefined,
    windowing: { timeColumn: 'd', grain: 'week', start: undefined, batch: 10, readsBack: {} },
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

/** A warehouse in memory: performs a plan's steps by recording them, as the real one does by building them. */
function warehouse() {
  let builds: Build[] = [];
  let loads: Load[] = [];
  const recorded: Recorded = {
    builds: (model) => builds.filter((build) => build.model === model),
    loads: (source) => loads.filter((load) => load.source === source),
  };
  const plan = (request: Partial<PlanRequest> = {}) =>
    makePlan({ nodes, selected: new Set(nodes.map((node) => node.name)), recorded, files: [], calendar, ...request });
  const perform = (steps: readonly Step[]) => {
    for (const step of steps) {
      const id = `b${builds.length + loads.length}`;
      const sequence = builds.length + 1;
      if (step.kind === 'load') {
        loads = [...loads.filter((l) => l.file !== step.file.file), { ...step.file, sequence, id }];
        continue;
      }
      const node = nodes.find((one) => one.name === step.model);
      if (!node || node.kind === 'source') throw new Error('no model');
      const states = new Map();
      for (const one of nodes) {
        const inputs = new Map(one.kind === 'source' ? [] : one.inputs.map((name) => [name, states.get(name)]));
        states.set(one.name, stateOf(one, inputs, recorded, calendar));
      }
      const inputs: Record<string, Build['inputs'][string]> = {};
      for (const name of node.inputs) {
        const state = states.get(name);
        inputs[name] =
          state.kind === 'timed'
            ? { kind: 'timed', segments: state.segments }
            : { kind: 'whole', version: state.version };
      }
      const built = step.kind === 'window' ? { range: step.range } : {};
      builds = [...builds, { model: step.model, sequence, id, version: id, sqlHash: node.sqlHash, inputs, ...built }];
    }
  };
  return { plan, perform };
}

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
  expect(first.steps.at(-1)?.needs).toEqual([5, 6]);
  house.perform(first.steps);
  expect(house.plan().steps).toEqual([]);
});

test('new days bring exactly their windows; a week waits until it is whole', () => {
  const house = warehouse();
  house.perform(house.plan({ files: [file('a', '2021-09-01', '2021-09-16'), products('p')] }).steps);
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
  house.perform(house.plan({ files: [...files, products('p')] }).steps);
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
  house.perform(house.plan({ files: [file('a', '2021-09-01', '2021-09-16'), products('p')] }).steps);
  expect(show(house.plan({ files: [products('q')] }).steps)).toEqual(['load raw.products']);
});

test('changed SQL makes all windows stale, and what reads them', () => {
  const house = warehouse();
  house.perform(house.plan({ files: [file('a', '2021-09-01', '2021-09-13'), products('p')] }).steps);
  const changed = nodes.map((node) => (node.name === 'kpi.daily' ? { ...node, sqlHash: 'k2' } : node));
  const plan = house.plan({ nodes: changed as PlanNode[] });
  expect(show(plan.steps)).toEqual([
    'kpi.daily 2021-09-01..2021-09-11',
    'kpi.daily 2021-09-11..2021-09-13',
    'kpi.weekly 2021-08-30..2021-09-13',
  ]);
  expect(plan.steps[0]?.reason).toBe('its SQL changed');
});

test('a range limits the work to whole windows; rebuild asks for current ones too', () => {
  const house = warehouse();
  house.perform(house.plan({ files: [file('a', '2021-09-01', '2021-09-27'), products('p')] }).steps);
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

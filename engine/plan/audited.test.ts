import { expect, test } from 'vitest';
import { showEdge } from '../time/grain.ts';
import { type AuditMark, unaskedOf } from './audited.ts';
import type { PlanNode } from './node.ts';
import type { Build } from './record.ts';
import type { Step } from './step.ts';
import { memoryWarehouse } from './test-warehouse.ts';

const calendar = { timezone: 'UTC', weekStarts: 0 };
const at = (day: string) => Date.parse(`${day}T00:00:00Z`);
const range = (from: string, until: string) => ({ from: at(from), until: at(until) });
const blocking = (hash: string): AuditMark => ({ hash, blocking: true });
const warning = (hash: string): AuditMark => ({ hash, blocking: false });

const daily = (name: string, input: string, audits: readonly AuditMark[]): PlanNode => ({
  kind: 'incremental',
  name,
  sqlHash: name,
  inputs: [input],
  audits,
  start: undefined,
  windowing: {
    timeColumn: 'd',
    grain: 'day',
    start: undefined,
    batch: 10,
    lookback: undefined,
    onChange: 'rebuild',
    readsBack: {},
  },
});

const nodes = (audits: readonly AuditMark[]): PlanNode[] => [
  { kind: 'source', name: 'raw.lines', timed: true, restates: false },
  daily('kpi.daily', 'raw.lines', audits),
  { kind: 'view', name: 'kpi.shown', sqlHash: 's', inputs: ['kpi.daily'], audits: [], restates: false },
  daily('kpi.next', 'kpi.shown', []),
];

const file = (name: string, from: string, until: string) => ({
  source: 'raw.lines',
  file: name,
  path: name,
  sha256: name,
  size: 1,
  modifiedAt: 0,
  range: range(from, until),
});

const show = (steps: readonly Step[]) =>
  steps.map((step) => {
    const edges = step.kind === 'window' || step.kind === 'audit' ? step.range : undefined;
    const edge = (instant: number) => showEdge('day', instant, calendar);
    return `${step.kind} ${step.model}${edges ? ` ${edge(edges.from)}..${edge(edges.until)}` : ''}`;
  });

const built = (audits: readonly AuditMark[]) => {
  const house = memoryWarehouse(nodes(audits), calendar);
  house.perform(house.plan({ files: [file('a', '2021-09-01', '2021-09-13')] }));
  expect(house.plan().steps).toEqual([]);
  return house;
};

test('a new audit is asked of what stands, in batches; nothing is built, and it is asked once', () => {
  const house = built([blocking('a')]);
  house.define(nodes([blocking('a'), blocking('b')]));
  const plan = house.plan();
  expect(show(plan.steps)).toEqual([
    'audit kpi.daily 2021-09-01..2021-09-11',
    'audit kpi.daily 2021-09-11..2021-09-13',
  ]);
  expect(plan.steps.map(({ reason }) => reason)).toEqual(['new audit since', 'new audit since']);
  expect(house.perform(plan)).toEqual([]);
  expect(house.plan().steps).toEqual([]);
});

test('an audit that is gone asks nothing; one that only warns is asked and shuts nothing', () => {
  const house = built([blocking('a'), blocking('b')]);
  house.define(nodes([blocking('b')]));
  expect(house.plan().steps).toEqual([]);
  house.define(nodes([blocking('b'), warning('w')]));
  expect(show(house.plan().steps)).toContain('audit kpi.daily 2021-09-01..2021-09-11');
  const readers = house.plan({ selected: new Set(['kpi.shown', 'kpi.next']) });
  expect([readers.steps, readers.waiting]).toEqual([[], []]);
});

test('what a blocking audit was not asked about does not count: its readers wait, and say for what', () => {
  const house = built([]);
  house.define(nodes([blocking('a')]));
  const readers = house.plan({ selected: new Set(['kpi.shown', 'kpi.next']) });
  expect(readers.steps).toEqual([]);
  expect(readers.waiting.map(({ model }) => model)).toContain('kpi.next');
  house.perform(house.plan({ selected: new Set(['kpi.daily']) }));
  expect(house.plan().steps).toEqual([]);
});

test('new windows meet the new audits as they are built; only the others are asked, within the stretch asked for', () => {
  const house = built([]);
  house.define(nodes([blocking('a')]));
  const files = [file('b', '2021-09-13', '2021-09-15')];
  const selected = new Set(['raw.lines', 'kpi.daily']);
  expect(show(house.plan({ files, selected }).steps)).toEqual([
    'load raw.lines',
    'window kpi.daily 2021-09-13..2021-09-15',
    'audit kpi.daily 2021-09-01..2021-09-11',
    'audit kpi.daily 2021-09-11..2021-09-13',
  ]);
  house.perform(house.plan({ selected, range: range('2021-09-02', '2021-09-04') }));
  expect(show(house.plan({ selected }).steps)).toEqual([
    'audit kpi.daily 2021-09-01..2021-09-02',
    'audit kpi.daily 2021-09-04..2021-09-13',
  ]);
});

test('a step that needs a model with new audits waits for them', () => {
  const house = built([]);
  house.define(nodes([blocking('a')]));
  const plan = house.plan({ files: [file('b', '2021-09-13', '2021-09-15')] });
  const audits = plan.steps.filter(({ kind }) => kind === 'audit');
  const next = plan.steps.find(({ model }) => model === 'kpi.next');
  expect(next?.needs).toEqual([audits.at(-1)?.id]);
});

test('views and full tables are asked whole', () => {
  const whole = (audits: readonly AuditMark[]): PlanNode[] => [
    { kind: 'source', name: 'raw.lines', timed: true, restates: false },
    { kind: 'table', name: 'kpi.all', sqlHash: 't', inputs: ['raw.lines'], audits, restates: false },
    { kind: 'view', name: 'kpi.seen', sqlHash: 'v', inputs: ['kpi.all'], audits, restates: false },
  ];
  const house = memoryWarehouse(whole([blocking('a')]), calendar);
  house.perform(house.plan({ files: [file('a', '2021-09-01', '2021-09-13')] }));
  house.define(whole([blocking('a'), blocking('b')]));
  expect(house.plan({ selected: new Set(['kpi.seen']) }).waiting).toEqual([
    { model: 'kpi.seen', reason: 'kpi.all has new audits that were not passed yet' },
  ]);
  expect(show(house.plan().steps)).toEqual(['audit kpi.all', 'audit kpi.seen']);
  house.perform(house.plan());
  expect(house.plan().steps).toEqual([]);
});

test('a pass speaks of the rows of its build and of no other', () => {
  const build = (id: string): Build => ({ model: 'm', sequence: 1, id, version: id, sqlHash: 's', inputs: {} });
  const within = { from: 0, until: 10 };
  const passes = [
    { model: 'm', build: 'x', range: { from: 2, until: 4 }, audits: ['a'] },
    { model: 'm', build: 'x', range: { from: 3, until: 20 }, audits: ['a', 'w'] },
  ];
  const marks = [blocking('a'), warning('w')];
  expect(unaskedOf(marks, build('x'), within, passes)).toEqual({
    any: [{ from: 0, until: 3 }],
    blocking: [{ from: 0, until: 2 }],
  });
  expect(unaskedOf(marks, build('y'), within, passes).blocking).toEqual([within]);
  expect(unaskedOf(marks, { ...build('y'), audits: ['a', 'w'] }, within, []).any).toEqual([]);
});

test('who reads what has not passed yet waits for its audits, not for data', () => {
  const house = built([blocking('a')]);
  house.define([...nodes([blocking('b')]), daily('kpi.direct', 'kpi.daily', [])]);
  const { steps, waiting } = house.plan({ selected: new Set(['kpi.next', 'kpi.direct']) });
  expect(steps).toEqual([]);
  expect(waiting).toContainEqual({
    model: 'kpi.direct',
    reason: 'kpi.daily has new audits that were not passed yet',
  });
});

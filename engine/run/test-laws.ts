import fc from 'fast-check';
import { expect } from 'vitest';
import type { IncrementalNode, PlanNode } from '../plan/node.ts';
import type { Load } from '../plan/record.ts';
import type { FoundFile, Plan } from '../plan/step.ts';
import { halfHours, oracle } from '../plan/test-oracle.ts';
import { memoryWarehouse } from '../plan/test-warehouse.ts';
import { touchedDays } from '../source/touched-days.ts';
import { type Duration, grains, windowsOf } from '../time/grain.ts';
import { cover, merge } from '../time/range.ts';
import { civilDayAt, parseDay, showDay, startOfDay } from '../time/zone.ts';

/** Zones with the first day of a time in which their clocks change, or would. */
const places = [
  { timezone: 'Asia/Kolkata', first: '2021-09-27' },
  { timezone: 'America/Chicago', first: '2021-10-29' },
  { timezone: 'America/Chicago', first: '2022-02-25' },
  { timezone: 'Australia/Lord_Howe', first: '2021-09-26' },
  { timezone: 'Australia/Lord_Howe', first: '2022-03-25' },
];
const length = 16;

const back = fc.option(
  fc.record({ count: fc.integer({ min: 1, max: 3 }), unit: fc.constantFrom('hour', 'day', 'week', 'month') }),
  { nil: undefined },
) as fc.Arbitrary<Duration | undefined>;

/** A model in numbers; which earlier nodes it reads is taken modulo how many there are. */
const model = fc.record({
  kind: fc.constantFrom('incremental', 'incremental', 'incremental', 'view'),
  grain: fc.constantFrom(...grains),
  reads: fc.array(fc.nat(9), { minLength: 1, maxLength: 2 }),
  list: fc.boolean(),
  back,
  lookback: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: back }),
  batch: fc.constantFrom(1, 3, 50),
  onChange: fc.constantFrom('rebuild' as const, 'rebuild' as const, 'forward' as const),
  startsOn: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
});
type Drawn = typeof model extends fc.Arbitrary<infer T> ? T : never;

const change = fc.oneof(
  fc.record({
    kind: fc.constant('file' as const),
    source: fc.nat(1),
    file: fc.nat(2),
    from: fc.nat(length - 1),
    days: fc.array(fc.nat(3), { minLength: 1, maxLength: 10 }),
  }),
  fc.record({ kind: fc.constant('list' as const) }),
  fc.record({ kind: fc.constant('sql' as const), model: fc.nat(9) }),
);
const story = fc.record({
  place: fc.constantFrom(...places),
  restates: fc.boolean(),
  models: fc.array(model, { minLength: 1, maxLength: 5 }),
  changes: fc.array(fc.record({ change, skip: fc.option(fc.nat(9), { nil: undefined }) }), {
    minLength: 1,
    maxLength: 6,
  }),
});

function nodesOf(models: readonly Drawn[], restates: boolean, dayAt: (day: number) => number): PlanNode[] {
  const nodes: PlanNode[] = [
    { kind: 'source', name: 'raw.s0', timed: true, restates: false },
    { kind: 'source', name: 'raw.s1', timed: true, restates: false },
    { kind: 'source', name: 'raw.list', timed: false, restates },
  ];
  const timed = ['raw.s0', 'raw.s1'];
  for (const [index, drawn] of models.entries()) {
    const name = `m.m${index}`;
    const reads = [...new Set(drawn.reads.map((read) => timed[read % timed.length] as string))];
    if (drawn.kind === 'view') {
      nodes.push({ kind: 'view', name, sqlHash: 'v0', inputs: reads, audits: [], restates: false });
    } else {
      nodes.push({
        kind: 'incremental',
        name,
        sqlHash: 'v0',
        inputs: drawn.list ? [...reads, 'raw.list'] : reads,
        audits: [],
        start: drawn.startsOn === undefined ? undefined : dayAt(drawn.startsOn),
        windowing: {
          timeColumn: 'at',
          grain: drawn.grain,
          start: undefined,
          readsBack: drawn.back ? { [reads[0] as string]: drawn.back } : {},
          lookback: drawn.lookback,
          onChange: drawn.onChange,
          batch: drawn.batch,
        },
      });
    }
    timed.push(name);
  }
  return nodes;
}

/** Files as they stand, with the days that have lines; what a source holds now follows from them. */
function folder(calendar: { readonly timezone: string; readonly weekStarts: number }) {
  const files = new Map<string, { found: FoundFile; counts: Map<string, number>; load: Load | undefined }>();
  let turn = 0;
  const dateAt = (at: number) => showDay(civilDayAt(calendar.timezone, at));
  return {
    /** Writes a file; one that is there keeps its stretch, and gets other lines. */
    write(source: string, file: string, from: number, days: readonly number[]): FoundFile {
      turn += 1;
      const key = `${source}/${file}`;
      const before = files.get(key);
      const first = civilDayAt(calendar.timezone, from);
      const until = startOfDay(calendar.timezone, first + days.length);
      const range = before?.found.range ?? { from, until };
      const prints: Record<string, string> = {};
      const counts = new Map(before?.counts);
      for (const [index, day] of [...windowsOf('day', range, calendar)].entries()) {
        const lines = days[index % days.length] ?? 0;
        const date = dateAt(day.from);
        if (lines > 0) prints[date] = `${lines}`;
        if ((before?.found.days?.[date] ?? '') !== (prints[date] ?? '')) counts.set(date, turn);
      }
      const others = merge(
        [...files].flatMap(([name, other]) =>
          name !== key && name.startsWith(`${source}/`) ? (other.found.range ?? []) : [],
        ),
      );
      const loaded = before?.load && { load: before.load, days: before.found.days ?? {} };
      const segments = touchedDays({ range, days: prints }, loaded, others, calendar);
      const found = {
        source,
        file: key,
        path: key,
        sha256: `${turn}`,
        size: 1,
        modifiedAt: turn,
        range,
        segments,
        days: prints,
      };
      files.set(key, { found, counts, load: undefined });
      return found;
    },
    loaded(load: Load) {
      const file = files.get(load.file);
      if (file) file.load = load;
    },
    content: (source: string, from: number, until: number) =>
      halfHours(from, until, (at) => {
        const mine = [...files.values()].filter(({ found }) => found.source === source);
        if (!mine.some(({ found }) => found.range && cover([found.range], { from: at, until: at + 1 })))
          return undefined;
        const date = dateAt(at);
        return `lines ${mine.map(({ found, counts }) => (counts.has(date) ? found.file + counts.get(date) : '')).join('')}`;
      }),
  };
}

const windowsIn = (plan: Plan, nodes: readonly PlanNode[], calendar: Parameters<typeof windowsOf>[2]) =>
  plan.steps.flatMap((step) => {
    if (step.kind === 'view') return [step.model];
    if (step.kind !== 'window') return [];
    const { windowing } = nodes.find((node) => node.name === step.model) as IncrementalNode;
    return [...windowsOf(windowing.grain, step.range, calendar)].map((window) => `${step.model} ${window.from}`);
  });

/**
 * That a plan names exactly the windows that brute force would build again, and that a run builds exactly those that
 * changed, over so many random projects, each with its own story of files, lists and SQL; the same ones for the same
 * seed. Returns the windows built.
 */
export function holdPlansToBruteForce(stories: number, seed: number): number {
  let planned = 0;
  fc.assert(
    fc.property(story, ({ place, restates, models, changes }) => {
      const calendar = { timezone: place.timezone, weekStarts: 0 };
      const dayAt = (day: number) => startOfDay(place.timezone, (parseDay(place.first) ?? 0) + day);
      const span = [dayAt(0), dayAt(length * 2)] as const;
      let nodes = nodesOf(models, restates, dayAt);
      const files = folder(calendar);
      // Few different rows, so that now and then a window comes out as it was.
      const truth = oracle(
        calendar,
        (read, sqlHash) => `${(read.length + Number(read.replace(/\D/g, '').slice(-6)) + sqlHash.length) % 3}`,
      );
      const house = memoryWarehouse(nodes, calendar, (node, window) => truth.rowsOf(node.name, window.from));
      // At first both sources and the list have data, so that there is a history to change.
      const opening = [0, 1].map((source) => files.write(`raw.s${source}`, '0.csv', dayAt(source), Array(12).fill(1)));
      const list = (turn: number): FoundFile => {
        truth.hold('raw.list', new Map([['all' as const, `${turn}`]]));
        return { source: 'raw.list', file: 'list.csv', path: '', sha256: `${turn}`, size: 1, modifiedAt: turn };
      };
      const turns = [{ change: { kind: 'opening' as const }, skip: undefined }, ...changes];
      for (const [turn, { change: one, skip }] of turns.entries()) {
        const found: FoundFile[] = [];
        if (one.kind === 'opening') found.push(...opening, list(turn));
        else if (one.kind === 'file') {
          found.push(files.write(`raw.s${one.source}`, `${one.file}.csv`, dayAt(one.from), one.days));
        } else if (one.kind === 'list') found.push(list(turn));
        else {
          const changed = `m.m${one.model % models.length}`;
          nodes = nodes.map((node) =>
            node.name === changed && node.kind !== 'source' ? { ...node, sqlHash: `v${turn}` } : node,
          );
          house.define(nodes);
        }
        for (const source of ['raw.s0', 'raw.s1']) truth.hold(source, files.content(source, ...span));
        // Now and then a model is left out: what reads it has to wait, and what it missed has to be made up for.
        const selected = new Set(nodes.map((node) => node.name));
        if (skip !== undefined) selected.delete(`m.m${skip % models.length}`);
        // What waits for a window foreseen to change is built by a later run, where that window came out as it was.
        for (let round = 0, fresh = found; ; round++, fresh = []) {
          const plan = house.plan({ files: fresh, selected });
          const named = windowsIn(plan, nodes, calendar);
          expect(named.sort()).toEqual(truth.foresee(nodes, selected).sort());
          if (plan.steps.length === 0) break;
          expect(round).toBeLessThanOrEqual(models.length);
          const expected = truth.run(nodes, new Set(named));
          const built = house
            .perform(plan)
            .map(({ model: name, window }) => (window ? `${name} ${window.from}` : name));
          expect(built.sort()).toEqual(expected.sort());
          for (const load of house.loads()) files.loaded(load);
          planned += built.length;
        }
      }
    }),
    // A story is told as it was found: making it smaller would take hours, which nothing can interrupt.
    { numRuns: stories, seed, endOnFailure: true },
  );
  return planned;
}

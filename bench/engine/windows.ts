import type { IncrementalNode, PlanNode } from '../../engine/plan/node.ts';
import { makePlan } from '../../engine/plan/plan.ts';
import type { Build, Load } from '../../engine/plan/record.ts';
import { openRecorder, recordedOf } from '../../engine/record/recorder.ts';
import { prepareRecord, recordSchema } from '../../engine/record/schema.ts';
import type { Calendar } from '../../engine/time/grain.ts';
import { type Database, sql } from '../../engine/warehouse/database.ts';
import { median, millis, printTable, say } from './table.ts';

const hour = 3_600_000;
const day = 24 * hour;
const begin = Date.UTC(2014, 0, 1);
const days = 3_650;
const calendar: Calendar = { timezone: 'UTC', weekStarts: 1 };

/** What is recorded of ten years of hours: a build a night, or all of them by one backfill. */
type History = 'night by night' | 'one backfill';

interface Made {
  readonly nodes: readonly PlanNode[];
  readonly builds: readonly Build[];
  readonly loads: readonly Load[];
}

const modelName = (index: number) => `bench.hours_${index}`;

/** A source, and `count` models by the hour, each of which reads the one before. All is built and current. */
function chain(count: number, history: History): Made {
  const stretches =
    history === 'one backfill'
      ? [{ from: begin, until: begin + days * day }]
      : Array.from({ length: days }, (_, night) => ({ from: begin + night * day, until: begin + (night + 1) * day }));
  const id = (night: number, index: number) => `${String(night).padStart(6, '0')}-${String(index).padStart(3, '0')}`;
  const loads = stretches.map((range, night): Load => {
    const file = `hours-${night}.csv`;
    return {
      source: 'raw.hours',
      file,
      sequence: night + 1,
      id: id(night, 0),
      sha256: file,
      size: 1,
      modifiedAt: 0,
      range,
    };
  });
  const nodes: PlanNode[] = [{ kind: 'source', name: 'raw.hours', timed: true, restates: false }];
  const builds: Build[] = [];
  for (let index = 1; index <= count; index += 1) {
    const model = modelName(index);
    const input = index === 1 ? 'raw.hours' : modelName(index - 1);
    nodes.push(hourly(model, input));
    for (const [night, range] of stretches.entries()) {
      builds.push({
        model,
        sequence: night + 1,
        id: id(night, index),
        version: id(night, index),
        range,
        sqlHash: 'as it was',
        inputs: { [input]: { kind: 'timed', segments: [{ ...range, version: id(night, index - 1) }] } },
        horizon: range.until,
      });
    }
  }
  return { nodes, builds, loads };
}

function hourly(name: string, input: string): IncrementalNode {
  const windowing = {
    timeColumn: 'at',
    grain: 'hour',
    start: undefined,
    readsBack: {},
    lookback: undefined,
    onChange: 'rebuild',
    batch: 31 * 24,
  } as const;
  return { kind: 'incremental', name, sqlHash: 'as it was', inputs: [input], windowing, start: undefined, audits: [] };
}

const cases: readonly { readonly what: string; change(made: Made): Made }[] = [
  { what: 'current', change: (made) => made },
  {
    what: 'a hole of a month in the first',
    change: (made) => {
      const hole = { from: begin + 1_000 * day, until: begin + 1_031 * day };
      const builds = made.builds.flatMap((build) => {
        const { model, range } = build;
        if (model !== modelName(1) || !range || range.until <= hole.from || range.from >= hole.until) return [build];
        const before = range.from < hole.from ? [{ ...build, range: { from: range.from, until: hole.from } }] : [];
        const after = range.until > hole.until ? [{ ...build, range: { from: hole.until, until: range.until } }] : [];
        return [...before, ...after];
      });
      return { ...made, builds };
    },
  },
  {
    what: 'all stale: the SQL of the first changed',
    change: (made) => ({
      ...made,
      nodes: made.nodes.map((node) =>
        node.name === modelName(1) ? { ...(node as IncrementalNode), sqlHash: 'another' } : node,
      ),
    }),
  },
];

/** Plans ten years of hours, 87,600 windows a model, from a record in memory. */
export function measureWindows(models: number, runs: number): void {
  const rows = (['one backfill', 'night by night'] as const).flatMap((history) => {
    const made = chain(models, history);
    return cases.map(({ what, change }) => {
      const { nodes, builds, loads } = change(made);
      const selected = new Set(nodes.map(({ name }) => name));
      const once = () => {
        const began = process.cpuUsage();
        const plan = makePlan({ nodes, selected, recorded: recordedOf(builds, loads, []), files: [], calendar });
        const { user, system } = process.cpuUsage(began);
        return { plan, ms: (user + system) / 1000 };
      };
      const taken = Array.from({ length: runs }, once);
      const hours = (taken[0]?.plan.steps ?? []).reduce(
        (sum, step) => sum + (step.kind === 'window' ? (step.range.until - step.range.from) / hour : 0),
        0,
      );
      const steps = String(taken[0]?.plan.steps.length ?? 0);
      return [
        history,
        String(builds.length),
        what,
        hours.toLocaleString('en'),
        steps,
        millis(median(taken.map(({ ms }) => ms))),
      ];
    });
  });
  printTable(
    `Ten years of hourly windows planned: ${models} models, each of which reads the one before; ${(days * 24 * models).toLocaleString('en')} windows`,
    [
      { heading: 'built' },
      { heading: 'builds recorded', figure: true },
      { heading: 'state' },
      { heading: 'windows to build', figure: true },
      { heading: 'steps', figure: true },
      { heading: 'CPU ms', figure: true },
    ],
    rows,
  );
}

/** Reads the record of ten years of nights from the warehouse, as each command does that asks what is built. */
export async function measureRecord(database: Database, models: number, runs: number): Promise<void> {
  const { nodes, builds, loads } = chain(models, 'night by night');
  await prepareRecord(database, 'bench');
  const recorder = openRecorder('bench');
  for (let at = 0; at < builds.length; at += 500) {
    await database.transaction(async (tx) => {
      for (const build of builds.slice(at, at + 500)) {
        await recorder.addBuild(tx, { ...build, rows: 1, runId: 'bench' }, build.sequence);
      }
    });
  }
  await database.query(sql`analyze ${sql.ident(recordSchema('bench'), 'builds')}`);
  const names = nodes.map(({ name }) => name);
  const taken: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const began = performance.now();
    await recorder.read(database, names);
    taken.push(performance.now() - began);
  }
  say(
    `the record read from the warehouse: ${builds.length} builds in ${millis(median(taken))} ms; ${loads.length} loads not among them`,
  );
}

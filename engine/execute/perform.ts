import type { BuildFacts, CompiledModel } from '../compile/compile.ts';
import { Fault } from '../fault.ts';
import type { Log } from '../log/log.ts';
import { hashesOf } from '../plan/audited.ts';
import { inputVersions, isCurrentWhole } from '../plan/inputs.ts';
import { absent, type InputStates, inputsOf, type PlanNode, type State } from '../plan/node.ts';
import type { Recorded } from '../plan/record.ts';
import { dueOf, readRange, standingOf } from '../plan/standing.ts';
import { stateOf } from '../plan/state.ts';
import type { Plan, Step } from '../plan/step.ts';
import type { Source } from '../project/source.ts';
import type { ReadProgress } from '../source/read-progress.ts';
import type { Calendar } from '../time/grain.ts';
import { intersect, type Range } from '../time/range.ts';
import { civilDayAt, showDay } from '../time/zone.ts';
import type { Database } from '../warehouse/database.ts';
import { auditRows } from './audit-rows.ts';
import { buildKeyed } from './build-keyed.ts';
import { buildSnapshot } from './build-snapshot.ts';
import { buildTable } from './build-table.ts';
import { buildView } from './build-view.ts';
import { buildWindow } from './build-window.ts';
import { commented } from './commented.ts';
import { forServer } from './for-server.ts';
import { type LiveRecord, liveRecord } from './live-record.ts';
import { loadFile } from './load-file.ts';
import { type Outcome, succeeded } from './outcome.ts';
import { openPatience, type Patience, type RetryRule } from './patience.ts';
import { placeError } from './place-error.ts';
import type { Leases, Own, Recorder } from './port.ts';
import { recordObservation } from './record-observation.ts';
import type { DependentView } from './replace.ts';
import type { WholeTask } from './whole.ts';

/** A project ready to be built. */
export interface Buildable {
  readonly nodes: ReadonlyMap<string, PlanNode>;
  readonly models: ReadonlyMap<string, CompiledModel>;
  readonly sources: ReadonlyMap<string, Source>;
  /** Names of the views that read a model, directly or through other views, inputs first. */
  viewsOver(model: string): readonly string[];
}

export interface PerformTools {
  readonly own: Own;
  readonly database: Database;
  readonly recorder: Recorder;
  readonly leases: Leases;
  /** Reads the record again, where others may have added to it. */
  readonly reread: () => Promise<Recorded>;
  readonly calendar: Calendar;
  readonly schema: string;
  readonly runId: string;
  readonly threads: number;
  readonly retries: RetryRule;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** What one step is performed with: its patience is its own. */
type StepTools = PerformTools & { readonly patience: Patience; readonly reading: (progress: ReadProgress) => void };

/** A step and what became of it. */
export interface StepResult {
  readonly step: Step;
  readonly outcome: Outcome;
  readonly ms: number;
}

/** Told of each step as it begins and ends. */
export interface Watcher {
  began(step: Step): void;
  ended(result: StepResult): void | Promise<void>;
  /** Told once a second or so how far a step's file has been read. */
  reading?(step: Step, progress: ReadProgress): void;
}

/**
 * Performs a plan's steps, inputs first, `threads` side by side. A step that fails blocks those that need it and no other.
 * Returns a result for every step, in the plan's order; never throws for what a step does.
 */
export async function perform(
  plan: Plan,
  project: Buildable,
  recorded: Recorded,
  tools: PerformTools,
  watcher: Watcher,
): Promise<StepResult[]> {
  const buildable = { ...project, models: forServer(project.models, tools.database.dialect) };
  const live = liveRecord(recorded);
  const results = new Map<number, StepResult>();
  const waiting = new Set(plan.steps);
  const running = new Set<Promise<void>>();

  const settle = async (step: Step, outcome: Outcome, ms: number) => {
    const result = { step, outcome, ms };
    results.set(step.id, result);
    await watcher.ended(result);
  };
  const start = async (step: Step) => {
    watcher.began(step);
    const began = performance.now();
    const outcome = await attempt(step, buildable, live, {
      ...tools,
      reading: (progress) => watcher.reading?.(step, progress),
    });
    if (outcome.kind === 'built') live.add(outcome.builds, outcome.loads);
    if (outcome.kind === 'audited') live.addPasses(outcome.passes);
    await settle(step, outcome, Math.round(performance.now() - began));
  };

  while (waiting.size > 0 || running.size > 0) {
    for (const step of waiting) {
      if (running.size >= tools.threads && !tools.signal.aborted) break;
      const needs = step.needs.map((id) => results.get(id));
      if (tools.signal.aborted) {
        waiting.delete(step);
        await settle(step, { kind: 'cancelled' }, 0);
        continue;
      }
      if (needs.some((need) => need === undefined)) continue;
      waiting.delete(step);
      const failed = needs.find((need) => need && !succeeded(need.outcome));
      if (failed) {
        await settle(step, { kind: 'blocked', by: failed.step.model }, 0);
        continue;
      }
      const work = start(step).finally(() => running.delete(work));
      running.add(work);
    }
    if (running.size > 0) await Promise.race(running);
  }
  return plan.steps.map((step) => results.get(step.id) as StepResult);
}

/** A step as a comment in its statements names it: run, model and range. */
function nameOf(step: Step, { runId, calendar }: PerformTools): string {
  const range =
    step.kind === 'window'
      ? `, ${[step.range.from, step.range.until].map((at) => showDay(civilDayAt(calendar.timezone, at))).join('..')}`
      : '';
  return `tiffin run ${runId}, ${step.model}${range}`;
}

async function attempt(
  step: Step,
  buildable: Buildable,
  live: LiveRecord,
  tools: Omit<StepTools, 'patience'>,
): Promise<Outcome> {
  const { signal } = tools;
  const database = tools.database.dialect.comments ? commented(tools.database, nameOf(step, tools)) : tools.database;
  const patience = openPatience(tools.retries, signal, tools.log.child({ step: step.id, model: step.model }));
  try {
    await using lease = await tools.leases.hold(step.model, signal);
    let lost: Fault | undefined;
    for (let stale = lease.waited; ; stale = true) {
      try {
        // Whoever had the lease before, or a try of ours whose answer was lost, may have done the work.
        if (stale) live.renew(await tools.reread());
        if (lost && step.kind === 'window' && step.forced) return { kind: 'lost', message: lost.message };
        return await performStep(step, buildable, live, { ...tools, database, patience });
      } catch (error) {
        signal.throwIfAborted();
        // Once: with what the other has published known, the step is mostly found done.
        if (!lost && error instanceof Fault && error.code === 'lost') lost = error;
        else await patience.retry(error);
      }
    }
  } catch (error) {
    if (signal.aborted) return { kind: 'cancelled' };
    if (error instanceof Fault && error.code === 'lost') return { kind: 'lost', message: error.message };
    return { kind: 'failed', error: placeError(error, buildable.models.get(step.model)?.model) };
  }
}

async function performStep(step: Step, buildable: Buildable, live: LiveRecord, tools: StepTools): Promise<Outcome> {
  if (step.kind === 'load') {
    const source = buildable.sources.get(step.model);
    if (!source) throw new Fault('bug', `no source ${step.model}`);
    const { file, sha256 } = step.file;
    if (live.loads(source.name).some((load) => load.file === file && load.sha256 === sha256))
      return { kind: 'current' };
    return loadFile(source, step.file, live, viewsOver(source.name, buildable, {}, tools.own), tools);
  }
  if (step.kind === 'observe') return recordObservation(step.seen, live, tools);
  const compiled = buildable.models.get(step.model);
  const node = buildable.nodes.get(step.model);
  if (!compiled || !node || node.kind === 'source' || node.kind === 'deferred')
    throw new Fault('bug', `no model ${step.model}`);
  const inputs = inputStates(node, buildable, live, tools.calendar);
  const coverageFrom = Math.min(
    ...[...inputs.values()].flatMap((state) => (state.kind === 'timed' ? (state.segments[0]?.from ?? []) : [])),
  );
  const coverage = Number.isFinite(coverageFrom) ? { coverageFrom } : {};

  if (step.kind === 'audit') {
    const custom = (name: string, table: string, range?: Range) =>
      compiled.renderAudit(name, { ...(range ? { range } : {}), ...coverage }, table);
    return auditRows({ model: compiled.model, node, inputs, recorded: live, custom }, step.range, tools);
  }
  const views = viewsOver(node.name, buildable, coverage, tools.own);

  if (step.kind === 'window') {
    if (node.kind !== 'incremental') throw new Fault('bug', `${step.model} has no windows`);
    const standing = standingOf(node, inputs, live, tools.calendar);
    const due = step.forced ? [step.range] : dueOf(standing);
    const pieces = intersect(intersect([step.range], due), standing.expected);
    const outcomes: Outcome[] = [];
    for (const range of pieces) {
      const task = {
        model: { ...compiled.model, windowing: node.windowing },
        query: compiled.render({ range, ...coverage }),
        sqlHash: node.sqlHash,
        audits: hashesOf(node),
        range,
        refresh: step.refresh,
        views,
        horizon: standing.horizon,
        inputs: inputVersions(inputs, (input) => readRange(node.windowing, input, range, tools.calendar)),
        recorded: live,
        custom: (name: string, table: string) => compiled.renderAudit(name, { range, ...coverage }, table),
      };
      const outcome = await buildWindow(task, tools);
      if (outcome.kind !== 'built') return outcome;
      live.add(outcome.builds, outcome.loads);
      outcomes.push(outcome);
    }
    return together(outcomes);
  }

  if (node.kind === 'incremental') throw new Fault('bug', `${step.model} has windows`);
  const last = live.builds(node.name).at(-1);
  if (last && !step.forced && isCurrentWhole(node, last, inputs)) return { kind: 'current' };
  const task: WholeTask = {
    model: compiled.model,
    query: compiled.render(coverage),
    renderIncrement: () => compiled.render({ ...coverage, incremental: true }),
    refresh: step.forced,
    sqlHash: node.sqlHash,
    audits: hashesOf(node),
    inputs: inputVersions(inputs, () => undefined),
    recorded: live,
    views,
    custom: (name, table) => compiled.renderAudit(name, coverage, table),
  };
  switch (compiled.model.materialized) {
    case 'view':
      return buildView(task, tools);
    case 'incremental':
      return buildKeyed(task, tools);
    case 'snapshot':
      return buildSnapshot(task, tools);
    case 'table':
      return buildTable(task, tools);
    case 'ephemeral':
      throw new Fault('bug', `${step.model} is ephemeral and was to be built`);
  }
}

function viewsOver(name: string, buildable: Buildable, coverage: BuildFacts, own: Own): DependentView[] {
  return buildable.viewsOver(name).flatMap((reader) => {
    const view = buildable.models.get(reader);
    return view ? [{ name: own(reader), query: view.render(coverage) }] : [];
  });
}

/** The outcomes of a step's pieces as one; none = nothing was due any more. */
function together(outcomes: readonly Outcome[]): Outcome {
  const built = outcomes.filter((outcome) => outcome.kind === 'built');
  if (built.length === 0) return { kind: 'current' };
  return {
    kind: 'built',
    rows: built.reduce((sum, outcome) => sum + outcome.rows, 0),
    unchanged: built.every((outcome) => outcome.unchanged),
    // Each piece has joined the live record as it was built.
    builds: [],
    loads: [],
    warnings: built.flatMap((outcome) => outcome.warnings),
  };
}

function inputStates(node: PlanNode, buildable: Buildable, recorded: Recorded, calendar: Calendar): InputStates {
  const states = new Map<string, State>();
  const visit = (name: string): State => {
    const known = states.get(name);
    if (known) return known;
    const found = buildable.nodes.get(name);
    const state: State = found
      ? stateOf(found, new Map(inputsOf(found).map((input) => [input, visit(input)])), recorded, calendar)
      : absent;
    states.set(name, state);
    return state;
  };
  return new Map(inputsOf(node).map((name) => [name, visit(name)]));
}

import { batchesOf, type Calendar, showEdge, widen } from '../time/grain.ts';
import { intersect, merge, type Range, span, subtract } from '../time/range.ts';
import { hashesOf, isAsked, passesOf } from './audited.ts';
import { inputVersions, isCurrentWhole } from './inputs.ts';
import { loadOf, loadsOf } from './loaded.ts';
import {
  absent,
  type IncrementalNode,
  type InputStates,
  inputsOf,
  type PlanNode,
  type SourceNode,
  type State,
  type TableNode,
  type ViewNode,
} from './node.ts';
import type { Build, Load, Pass, Recorded } from './record.ts';
import { cut } from './segments.ts';
import { dueOf, readRange, type Standing, standingOf, unauditedReason } from './standing.ts';
import { stateOf } from './state.ts';
import type { FoundFile, Kept, Observation, Plan, Step, Waiting } from './step.ts';

/** What a plan is made from. Nothing here is read from anywhere: the same request gives the same plan. */
export interface PlanRequest {
  /** Every source and model, inputs before their readers. */
  readonly nodes: readonly PlanNode[];
  /** Names of what may be loaded and built. */
  readonly selected: ReadonlySet<string>;
  readonly recorded: Recorded;
  /** Files that were not there, or not the same, when their source was last loaded. */
  readonly files: readonly FoundFile[];
  /** What is new in tables that others load. */
  readonly seen?: readonly Observation[];
  readonly calendar: Calendar;
  /** Limits windows to these instants, widened to whole windows. */
  readonly range?: Range;
  /** Limits the windows of models that are named here to these stretches. */
  readonly only?: ReadonlyMap<string, readonly Range[]>;
  /** Build the range's windows again though they are current. */
  readonly rebuild?: boolean;
  /** What was asked to be built again, now or by runs that were killed before they had done it. */
  readonly rebuilds?: readonly Rebuild[];
}

/** A request to build again what is current. */
export interface Rebuild {
  /** Ids of builds sort by time: a build of a later id has done its part of the request. */
  readonly since: string;
  readonly models: ReadonlySet<string>;
  /** Undefined = all windows. */
  readonly range?: Range;
  /** A full refresh: tables without windows too, and columns as the queries give them. */
  readonly refresh: boolean;
}

/**
 * The steps that make the selection current, in the order of the data, and what has to wait. A planned step counts as
 * done for the steps after it: its result is given a version that nothing has yet, so that all that reads it is planned too.
 */
export function makePlan(request: PlanRequest): Plan {
  const { calendar } = request;
  const steps: Step[] = [];
  const waiting: Waiting[] = [];
  const kept: Kept[] = [];
  const assumed = assume(request.recorded);
  const states = new Map<string, State>();
  /** The steps to wait for before a node is read. Steps of one node wait for each other, so that its last one will do. */
  const lastOf = new Map<string, readonly number[]>();

  const add = (step: StepDraft, inputs: readonly string[]): string => {
    const id = steps.length + 1;
    const needs = [...new Set([...inputs, step.model].flatMap((name) => lastOf.get(name) ?? []))];
    steps.push({ ...step, id, needs } as Step);
    lastOf.set(step.model, [id]);
    return `planned ${id}`;
  };

  for (const node of request.nodes) {
    const inputs: InputStates = new Map(inputsOf(node).map((name) => [name, states.get(name) ?? absent]));
    if (request.selected.has(node.name) && node.kind !== 'deferred') {
      if (node.kind === 'source') planSource(node, request, assumed, add);
      else if (node.kind === 'incremental') {
        const planned = planWindows(node, inputs, request, assumed, add);
        waiting.push(...planned.waiting);
        kept.push(...planned.kept);
      } else waiting.push(...planWhole(node, inputs, request, assumed, add));
    }
    states.set(node.name, stateOf(node, inputs, assumed, calendar));
    // Who reads a model that has no step of its own waits for the steps behind it.
    if (!lastOf.has(node.name)) {
      lastOf.set(node.name, [...new Set(inputsOf(node).flatMap((input) => lastOf.get(input) ?? []))]);
    }
  }
  return { steps, waiting, kept };
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type StepDraft = DistributiveOmit<Step, 'id' | 'needs'>;
/** Adds a step and returns the version that its result shall be known by. */
type AddStep = (step: StepDraft, inputs: readonly string[]) => string;

/** The record, and on top of it what the plan assumes will have been done. */
interface Assumed extends Recorded {
  addBuild(build: Build): void;
  addLoad(load: Load): void;
  addPass(pass: Pass): void;
}

function assume(recorded: Recorded): Assumed {
  const builds = new Map<string, Build[]>();
  const loads = new Map<string, Load[]>();
  const passes = new Map<string, Pass[]>();
  const append = <T>(lists: Map<string, T[]>, name: string, entry: T) => {
    const list = lists.get(name);
    if (list) list.push(entry);
    else lists.set(name, [entry]);
  };
  return {
    builds: (model) => {
      const added = builds.get(model);
      return added ? [...recorded.builds(model), ...added] : recorded.builds(model);
    },
    sequence: recorded.sequence,
    loads: (source) => {
      const added = loads.get(source) ?? [];
      const replaced = new Set(added.map((load) => load.file));
      return [...recorded.loads(source).filter((load) => !replaced.has(load.file)), ...added];
    },
    passes: (model) => [...recorded.passes(model), ...(passes.get(model) ?? [])],
    addPass: (pass) => append(passes, pass.model, pass),
    addBuild: (build) => append(builds, build.model, build),
    addLoad: (load) => append(loads, load.source, load),
  };
}

function planSource(node: SourceNode, request: PlanRequest, assumed: Assumed, add: AddStep): void {
  const sequence = Number.MAX_SAFE_INTEGER;
  const known = new Set(assumed.loads(node.name).map((load) => load.file));
  for (const file of request.files.filter((found) => found.source === node.name)) {
    const reason = known.has(file.file) ? `${file.file} changed` : `${file.file} is new`;
    const id = add({ kind: 'load', model: node.name, file, reason }, []);
    assumed.addLoad(loadOf(file, id, sequence));
  }
  for (const seen of request.seen ?? []) {
    if (seen.source !== node.name) continue;
    const changed = seen.windows.filter((window) => known.has(window.name)).length;
    const reason = changed === 0 ? 'it has more data' : 'its rows changed';
    const id = add({ kind: 'observe', model: node.name, seen, reason }, []);
    for (const load of loadsOf(seen, id, sequence)) assumed.addLoad(load);
  }
}

function planWhole(
  node: ViewNode | TableNode,
  inputs: InputStates,
  request: PlanRequest,
  assumed: Assumed,
  add: AddStep,
): Waiting[] {
  for (const [name, state] of inputs) {
    const there = state.kind === 'whole' ? state.version !== undefined : state.segments.length > 0;
    const shut = state.kind === 'whole' ? state.unaudited : state.unaudited?.length;
    if (!there) return [{ model: node.name, reason: shut ? unauditedReason(name) : `${name} has no data yet` }];
  }
  const last = assumed.builds(node.name).at(-1);
  const forced = rebuildsOf(node.name, request).some(({ refresh, since }) => refresh && (last?.id ?? '') <= since);
  let reason: string | undefined = forced ? 'full refresh asked' : undefined;
  if (!last) reason = 'not built yet';
  else if (last.sqlHash !== node.sqlHash) reason = 'its SQL changed';
  else if (!isCurrentWhole(node, last, inputs)) reason = 'an input changed';
  if (reason === undefined) {
    if (last && !isAsked(node.audits, last, assumed.passes(node.name), 'any')) {
      add({ kind: 'audit', model: node.name, reason: newAudit }, node.inputs);
      assumed.addPass({ model: node.name, build: last.id, audits: hashesOf(node) });
    }
    return [];
  }
  const version = add({ kind: node.kind, model: node.name, forced, reason }, node.inputs);
  assumed.addBuild({
    model: node.name,
    sequence: Number.MAX_SAFE_INTEGER,
    id: version,
    version,
    sqlHash: node.sqlHash,
    inputs: inputVersions(inputs, () => undefined),
    audits: hashesOf(node),
  });
  return [];
}

function planWindows(
  node: IncrementalNode,
  inputs: InputStates,
  request: PlanRequest,
  assumed: Assumed,
  add: AddStep,
): { readonly waiting: readonly Waiting[]; readonly kept: readonly Kept[] } {
  const { calendar } = request;
  const { grain, batch } = node.windowing;
  const standing = standingOf(node, inputs, assumed, calendar);
  const limits = [request.range ? [request.range] : undefined, request.only?.get(node.name)].flatMap((ranges) =>
    ranges ? [merge(ranges.map((range) => widen(grain, range, calendar)))] : [],
  );
  const within = (ranges: Iterable<Range>) => limits.reduce((left, limit) => intersect(left, limit), merge(ranges));
  const rebuilds = rebuildsOf(node.name, request);
  const forced = within([
    ...(request.rebuild ? standing.expected : []),
    ...rebuilds.flatMap((rebuild) => undone(rebuild, node, standing, assumed, calendar)),
  ]);
  const refresh = rebuilds.some((rebuild) => rebuild.refresh);
  const work = merge([...within(dueOf(standing)), ...forced]);
  const reasonOf = reasonsOf(standing);
  for (const stretch of work) {
    for (const range of batchesOf(grain, stretch, batch, calendar)) {
      const isForced = cut(forced, range).length > 0;
      const reason = reasonOf(range) ?? 'rebuild asked';
      const version = add(
        { kind: 'window', model: node.name, range, forced: isForced, refresh: isForced && refresh, reason },
        node.inputs,
      );
      assumed.addBuild({
        model: node.name,
        sequence: Number.MAX_SAFE_INTEGER,
        id: version,
        version,
        range,
        sqlHash: node.sqlHash,
        inputs: inputVersions(inputs, (input) => readRange(node.windowing, input, range, calendar)),
        horizon: standing.horizon,
        audits: hashesOf(node),
      });
    }
  }
  for (const stretch of subtract(within(standing.unasked), work)) {
    for (const range of batchesOf(grain, stretch, batch, calendar)) {
      add({ kind: 'audit', model: node.name, range, reason: newAudit }, node.inputs);
      for (const pass of passesOf(node, range, assumed.builds(node.name))) assumed.addPass(pass);
    }
  }
  const waiting = [...standing.waiting, ...beyond(standing, limits[0], request)]
    .filter(({ range }) => range === undefined || within([range]).length > 0)
    .map((wait) => ({ model: node.name, ...wait }));
  const kept = subtract(within(standing.kept), work).map((range) => ({
    model: node.name,
    range,
    reason: 'its SQL changed, and on_change: forward keeps what was built before',
  }));
  return { waiting, kept };
}

const newAudit = 'new audit since';

/** What was asked for by name and lies behind all that the inputs hold: it waits, rather than being nothing. */
function beyond(standing: Standing, asked: readonly Range[] | undefined, { range }: PlanRequest): Standing['waiting'] {
  const end = span([...standing.expected, ...standing.waiting.flatMap((wait) => wait.range ?? [])])?.until;
  if (!asked || !range || end === undefined) return [];
  return subtract(asked, [{ from: Number.NEGATIVE_INFINITY, until: end }]).map((later) => ({
    range: later,
    reason: 'its inputs have no data there yet',
  }));
}

function rebuildsOf(name: string, { rebuilds = [] }: PlanRequest): readonly Rebuild[] {
  return rebuilds.filter(({ models }) => models.has(name));
}

/** The windows of a request that nobody has built since it was made. */
function undone(
  { range, since }: Rebuild,
  { name, windowing: { grain } }: IncrementalNode,
  { expected }: Standing,
  recorded: Recorded,
  calendar: Calendar,
): Range[] {
  const asked = range ? intersect(expected, [widen(grain, range, calendar)]) : expected;
  const later = recorded.builds(name).flatMap((build) => (build.id > since && build.range ? [build.range] : []));
  return subtract(asked, merge(later));
}

/** Why a range of windows is to be built: all that holds for any of them. */
function reasonsOf(standing: Standing): (range: Range) => string | undefined {
  const byReason = new Map<string, Range[]>();
  const note = (reason: string, ranges: readonly Range[]) => byReason.set(reason, merge(ranges));
  note('missing', standing.missing);
  for (const [reason, ranges] of Map.groupBy(standing.stale, (stale) => stale.reason)) note(reason, ranges);
  note('late rows may have come', standing.again);
  return (range) => {
    const reasons = [...byReason].filter(([, ranges]) => cut(ranges, range).length > 0).map(([reason]) => reason);
    return reasons.length > 0 ? reasons.join('; ') : undefined;
  };
}

/** A step's window as people read it; undefined for steps without one. */
export function showRange(
  step: Step,
  grain: 'hour' | 'day' | 'week' | 'month',
  calendar: Calendar,
): { readonly from: string; readonly until: string } | undefined {
  const range = rangeOf(step);
  return range
    ? { from: showEdge(grain, range.from, calendar), until: showEdge(grain, range.until, calendar) }
    : undefined;
}

function rangeOf(step: Step): Range | undefined {
  if (step.kind === 'window' || step.kind === 'audit') return step.range;
  if (step.kind === 'load') return step.file.range;
  return step.kind === 'observe' ? span(step.seen.windows.flatMap(({ range }) => range ?? [])) : undefined;
}

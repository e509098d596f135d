import { createHash } from 'node:crypto';
import type { Windowing } from '../project/model.ts';
import { type Calendar, floorTo, shift, widen } from '../time/grain.ts';
import { common, intersect, type Range, span, subtract } from '../time/range.ts';
import {
  type Build,
  cut,
  differences,
  type InputVersions,
  join,
  overlay,
  type Recorded,
  type Segment,
} from './record.ts';

/** A source or model as planning sees it. */
export type PlanNode =
  | { readonly kind: 'source'; readonly name: string; readonly timed: boolean }
  | {
      readonly kind: 'view';
      readonly name: string;
      readonly sqlHash: string;
      readonly inputs: readonly string[];
      /** Whether it has audits: then it counts only while they have passed on what its inputs hold now. */
      readonly audited: boolean;
    }
  | {
      readonly kind: 'table';
      readonly name: string;
      readonly sqlHash: string;
      readonly inputs: readonly string[];
      /** Whether the model names a time column: only then does its history restate that of its readers. */
      readonly timeColumn: boolean;
    }
  | {
      readonly kind: 'incremental';
      readonly name: string;
      readonly sqlHash: string;
      readonly inputs: readonly string[];
      readonly windowing: Windowing;
      /** First instant of `start`, or undefined where the inputs decide. */
      readonly start: number | undefined;
    };

/** What a node offers to its readers now. */
export type State =
  /** Data by time. `restates`: a change of its history makes its readers' history stale. */
  | { readonly kind: 'timed'; readonly segments: readonly Segment[]; readonly restates: boolean }
  /** Data without time; no version = not there yet. */
  | { readonly kind: 'whole'; readonly version: string | undefined };

/** The states of a model's inputs, by name. */
export type InputStates = ReadonlyMap<string, State>;

/** What of an incremental model is there, and what is to be done. Ranges are whole windows, merged. */
export interface Standing {
  /** All that should be there, where the inputs allow it. */
  readonly expected: readonly Range[];
  /** Recorded and current: built from today's SQL and today's inputs. */
  readonly current: readonly Segment[];
  /** Recorded, but from other SQL or other inputs; why, by range. */
  readonly stale: readonly (Range & { readonly reason: string })[];
  /** Never built. */
  readonly missing: readonly Range[];
  /** Expected, but an input is not there yet. */
  readonly waiting: readonly { readonly range?: Range; readonly reason: string }[];
}

const nothing: Standing = { expected: [], current: [], stale: [], missing: [], waiting: [] };

type Incremental = Extract<PlanNode, { kind: 'incremental' }>;

/** The state of a node from its inputs' states and its own record. Pure; the order of calls is the graph's. */
export function stateOf(node: PlanNode, inputs: InputStates, recorded: Recorded, calendar: Calendar): State {
  if (node.kind === 'source') return sourceState(node, recorded);
  if (node.kind === 'incremental') {
    return { kind: 'timed', segments: standingOf(node, inputs, recorded, calendar).current, restates: true };
  }
  const build = recorded.builds(node.name).at(-1);
  const timed = [...inputs.values()].some((input) => input.kind === 'timed');
  if (node.kind === 'table') {
    const current = build && isCurrentWhole(node, build, inputs) ? build : undefined;
    if (!timed) return { kind: 'whole', version: current?.version };
    const segments = current ? coverageAtBuild(current) : [];
    return { kind: 'timed', segments, restates: node.timeColumn };
  }
  const defined = build !== undefined && isCurrentWhole(node, build, inputs);
  return timed ? timedView(node.sqlHash, defined, inputs) : wholeView(node.sqlHash, defined, inputs);
}

/**
 * Whether a full table was built from this SQL and from what its inputs hold now. A view follows its inputs by itself, so
 * that only its audits have to be asked again.
 */
export function isCurrentWhole(
  node: Extract<PlanNode, { kind: 'view' | 'table' }>,
  build: Build,
  inputs: InputStates,
): boolean {
  if (build.sqlHash !== node.sqlHash) return false;
  if (node.kind === 'view' && !node.audited) return true;
  for (const [name, state] of inputs) {
    const then = build.inputs[name];
    if (state.kind === 'whole') {
      if (then?.kind !== 'whole' || then.version !== state.version) return false;
    } else {
      const before = then?.kind === 'timed' ? then.segments : [];
      const all = span([...before, ...state.segments]);
      if (all && differences(before, state.segments, all).length > 0) return false;
    }
  }
  return true;
}

/** The versions that a build reads of its inputs; for a range of windows, only of the stretch it reads. */
export function inputVersions(inputs: InputStates, reads: (input: string) => Range | undefined): Build['inputs'] {
  const versions: Record<string, InputVersions> = {};
  for (const [name, state] of inputs) {
    if (state.kind === 'whole') {
      versions[name] = { kind: 'whole', version: state.version ?? '' };
      continue;
    }
    const within = reads(name);
    versions[name] = { kind: 'timed', segments: join(within ? cut(state.segments, within) : state.segments) };
  }
  return versions;
}

/** The part of a build's inputs that some of its windows read. */
export function cutInputs(inputs: Build['inputs'], reads: (input: string) => Range): Build['inputs'] {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [
      name,
      input.kind === 'whole' ? input : { kind: 'timed', segments: cut(input.segments, reads(name)) },
    ]),
  );
}

/** The stretch of an input that a range of a model's windows reads. */
export function readRange(windowing: Windowing, input: string, range: Range, calendar: Calendar): Range {
  const back = windowing.readsBack[input];
  return back ? { from: shift(range.from, back, -1, calendar), until: range.until } : range;
}

/**
 * What of an incremental model is expected, current, stale, missing and waiting: the one question that `run`, backfill,
 * freshness and the delivery gate ask.
 */
export function standingOf(node: Incremental, inputs: InputStates, recorded: Recorded, calendar: Calendar): Standing {
  const { grain } = node.windowing;
  const timed = [...inputs].flatMap(([name, state]) => (state.kind === 'timed' ? [{ name, state }] : []));
  const starts = timed.flatMap(({ state }) => state.segments[0]?.from ?? []);
  const ends = timed.map(({ state }) => state.segments.at(-1)?.until ?? Number.NEGATIVE_INFINITY);
  const inputsFrom = Math.min(...starts);
  const from = Math.max(node.start ?? Number.NEGATIVE_INFINITY, inputsFrom);
  const until = Math.min(...ends);
  if (!Number.isFinite(from) || !Number.isFinite(until)) {
    const empty = timed.find(({ state }) => state.segments.length === 0)?.name;
    const reason = empty ? `${empty} has no data yet` : 'no input has a time column';
    return { ...nothing, waiting: [{ reason }] };
  }
  const whole = { from: floorTo(grain, from, calendar), until: floorTo(grain, until, calendar) };
  if (whole.from >= whole.until) return nothing;

  const waiting: { range: Range; reason: string }[] = [];
  for (const [name, state] of inputs) {
    if (state.kind === 'whole' && state.version === undefined) {
      waiting.push({ range: whole, reason: `${name} is not built yet` });
    }
  }
  for (const { name, state } of timed) {
    const first = state.segments[0]?.from ?? Number.POSITIVE_INFINITY;
    for (const hole of subtract([{ from: first, until: whole.until }], state.segments)) {
      const hit = touched(node, name, hole, whole, calendar);
      if (hit) waiting.push({ range: hit, reason: `${name} is not there` });
    }
  }
  const expected = subtract(
    [whole],
    waiting.map(({ range }) => range),
  );

  const stale: (Range & { reason: string })[] = [];
  const current: Segment[] = [];
  const top = overlay(recorded.builds(node.name));
  for (const { build, ...range } of top) {
    const inside = common(range, whole);
    if (!inside) continue;
    if (build.sqlHash !== node.sqlHash) {
      stale.push({ ...inside, reason: 'its SQL changed' });
      continue;
    }
    const changed: Range[] = [];
    for (const { name, state } of timed) {
      if (!state.restates) continue;
      const then = build.inputs[name];
      const before = then?.kind === 'timed' ? then.segments : [];
      for (const change of differences(before, state.segments, readRange(node.windowing, name, inside, calendar))) {
        const hit = touched(node, name, change, inside, calendar);
        if (!hit) continue;
        changed.push(hit);
        stale.push({ ...hit, reason: `${name} changed` });
      }
    }
    for (const rest of subtract([inside], changed)) current.push({ ...rest, version: build.version });
  }
  return {
    expected,
    current: join(current),
    stale: stale.flatMap(({ reason, ...range }) => intersect([range], expected).map((part) => ({ ...part, reason }))),
    missing: subtract(expected, top),
    waiting,
  };
}

/** The windows that read a changed or missing stretch of an input, within some windows. */
function touched(
  node: Incremental,
  input: string,
  change: Range,
  within: Range,
  calendar: Calendar,
): Range | undefined {
  const back = node.windowing.readsBack[input];
  const reach = back ? { from: change.from, until: shift(change.until, back, 1, calendar) } : change;
  const hit = common(reach, within);
  return hit ? common(widen(node.windowing.grain, hit, calendar), within) : undefined;
}

function sourceState(node: Extract<PlanNode, { kind: 'source' }>, recorded: Recorded): State {
  const loads = recorded.loads(node.name);
  if (!node.timed) {
    return { kind: 'whole', version: loads.length > 0 ? combine(loads.map((load) => load.id)) : undefined };
  }
  return {
    kind: 'timed',
    segments: layered(loads.flatMap((load) => (load.range ? [{ ...load.range, version: load.id }] : []))),
    restates: true,
  };
}

/** Segments of stretches that may overlap: where several hold data, the version names them all. */
export function layered(stretches: readonly Segment[]): Segment[] {
  const edges = [...new Set(stretches.flatMap(({ from, until }) => [from, until]))].sort((a, b) => a - b);
  const segments: Segment[] = [];
  for (let index = 0; index + 1 < edges.length; index += 1) {
    const range = { from: edges[index] as number, until: edges[index + 1] as number };
    const here = stretches.filter((stretch) => stretch.from <= range.from && range.until <= stretch.until);
    if (here.length > 0) segments.push({ ...range, version: combine(here.map((stretch) => stretch.version)) });
  }
  return join(segments);
}

/** A view covers what all its timed inputs cover; its version there names its definition and theirs. */
function timedView(sqlHash: string, defined: boolean, inputs: InputStates): State {
  const timed = [...inputs.values()].filter((input) => input.kind === 'timed');
  const whole = [...inputs.values()].filter((input) => input.kind === 'whole');
  const restating = timed.filter((input) => input.restates);
  if (!defined || whole.some((input) => input.version === undefined)) {
    return { kind: 'timed', segments: [], restates: restating.length > 0 };
  }
  let covered: Range[] = [...(timed[0]?.segments ?? [])];
  for (const input of timed) covered = intersect(covered, input.segments);
  const segments = layered(restating.flatMap((input) => input.segments)).flatMap((segment) =>
    intersect([segment], covered).map((range) => ({ ...range, version: combine([sqlHash, segment.version]) })),
  );
  return {
    kind: 'timed',
    segments: restating.length > 0 ? segments : covered.map((range) => ({ ...range, version: sqlHash })),
    restates: restating.length > 0,
  };
}

function wholeView(sqlHash: string, defined: boolean, inputs: InputStates): State {
  const versions = [...inputs.values()].map((input) => (input.kind === 'whole' ? input.version : ''));
  const there = defined && versions.every((version) => version !== undefined);
  return { kind: 'whole', version: there ? combine([sqlHash, ...versions.map(String)]) : undefined };
}

function coverageAtBuild(build: Build): Segment[] {
  const timed = Object.values(build.inputs).flatMap((input) => (input.kind === 'timed' ? [input.segments] : []));
  let covered: Range[] = [...(timed[0] ?? [])];
  for (const segments of timed) covered = intersect(covered, segments);
  return covered.map((range) => ({ ...range, version: build.version }));
}

/** One short name for several versions; a single version keeps its own. */
function combine(versions: readonly string[]): string {
  if (versions.length === 1) return versions[0] as string;
  return createHash('sha256')
    .update([...versions].sort().join('\n'))
    .digest('hex')
    .slice(0, 16);
}

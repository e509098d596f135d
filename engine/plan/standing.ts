import type { Windowing } from '../project/model.ts';
import { type Calendar, floorTo, nextAfter, shift, widen } from '../time/grain.ts';
import { common, merge, type Range, subtract } from '../time/range.ts';
import { unaskedOf } from './audited.ts';
import type { IncrementalNode, InputStates, State } from './node.ts';
import { overlay } from './overlay.ts';
import type { Build, Recorded } from './record.ts';
import { cut, differences, join, type Segment } from './segments.ts';

/** What of an incremental model is there, and what is to be done. Ranges are whole windows, sorted. */
export interface Standing {
  /** All that should be there, where the inputs allow it; merged. */
  readonly expected: readonly Range[];
  /** Where the inputs' coverage ends, in whole windows: as far as windows are due. */
  readonly horizon: number;
  /** Recorded and current: built from today's inputs, from today's SQL or kept by `on_change: forward`, and audited. */
  readonly current: readonly Segment[];
  /** Recorded, but from other SQL or other inputs; why, by range. */
  readonly stale: readonly (Range & { readonly reason: string })[];
  /** Current, and to be built once more, because a newer window has become due within their `lookback`; merged. */
  readonly again: readonly Range[];
  /** Current, though built from other SQL, because of `on_change: forward`; merged. */
  readonly kept: readonly Range[];
  /** Not stale, but an audit of today has not been asked of its rows; merged. */
  readonly unasked: readonly Range[];
  /** Of these, where it is a blocking one, so that they are not current; merged. */
  readonly unaudited: readonly Range[];
  /** Never built; merged. */
  readonly missing: readonly Range[];
  /** Expected, but an input is not there yet. */
  readonly waiting: readonly { readonly range?: Range; readonly reason: string }[];
}

/** All that a run has to build; merged. */
export function dueOf({ missing, stale, again }: Standing): Range[] {
  return merge([...missing, ...stale, ...again]);
}

interface TimedInput {
  readonly name: string;
  readonly state: Extract<State, { kind: 'timed' }>;
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
export function standingOf(
  node: IncrementalNode,
  inputs: InputStates,
  recorded: Recorded,
  calendar: Calendar,
): Standing {
  const { grain } = node.windowing;
  const timed = [...inputs].flatMap(([name, state]) => (state.kind === 'timed' ? [{ name, state }] : []));
  const starts = timed.flatMap(({ state }) => state.segments[0]?.from ?? []);
  const ends = timed.map(({ state }) => state.segments.at(-1)?.until ?? Number.NEGATIVE_INFINITY);
  const from = Math.max(node.start ?? Number.NEGATIVE_INFINITY, Math.min(...starts));
  const until = Math.min(...ends);
  const nothing = {
    expected: [],
    horizon: until,
    current: [],
    stale: [],
    again: [],
    kept: [],
    unasked: [],
    unaudited: [],
    missing: [],
    waiting: [],
  };
  if (!Number.isFinite(from) || !Number.isFinite(until)) {
    const empty = timed.find(({ state }) => state.segments.length === 0);
    if (!empty) return { ...nothing, waiting: [{ reason: 'no input has a time column' }] };
    const shut = (empty.state.unaudited ?? []).length > 0;
    const reason = shut ? unauditedReason(empty.name) : `${empty.name} has no data yet`;
    return { ...nothing, waiting: [{ reason }] };
  }
  // The first window may begin before the data and `start`: partial, it counts as whole.
  const whole = { from: floorTo(grain, from, calendar), until: floorTo(grain, until, calendar) };
  if (whole.from >= whole.until) return nothing;

  const waiting = waitingFor(node, inputs, timed, whole, calendar);
  const expected = subtract(
    [whole],
    waiting.map(({ range }) => range),
  );
  const stale: (Range & { reason: string })[] = [];
  const again: Range[] = [];
  const kept: Range[] = [];
  const unasked: Range[] = [];
  const unaudited: Range[] = [];
  const current: Segment[] = [];
  const passes = recorded.passes(node.name);
  const top = overlay(recorded.builds(node.name));
  for (const { build, ...range } of top) {
    const inside = common(range, whole);
    if (!inside) continue;
    const changes = changesSince(node, build, inside, inputs, timed, calendar);
    for (const change of changes) {
      for (const part of cut(expected, change)) stale.push({ ...part, reason: change.reason });
    }
    const rest = subtract([inside], changes);
    for (const part of rest) {
      const holes = unaskedOf(node.audits, build, part, passes);
      unasked.push(...holes.any);
      unaudited.push(...holes.blocking);
      for (const audited of subtract([part], holes.blocking)) current.push({ ...audited, version: build.version });
    }
    if (build.sqlHash !== node.sqlHash) kept.push(...rest);
    again.push(...dueAgain(node, build, rest, whole, calendar));
  }
  return {
    expected,
    horizon: whole.until,
    current: join(current),
    stale,
    again: merge(again).flatMap((range) => cut(expected, range)),
    kept: merge(kept),
    unasked: merge(unasked),
    unaudited: merge(unaudited),
    missing: subtract(expected, top),
    waiting,
  };
}

/** Why rows that are there cannot be read yet. */
export const unauditedReason = (name: string): string => `${name} has new audits that were not passed yet`;

/** The windows that cannot be built because an input is not there, or not there where they read it. */
function waitingFor(
  node: IncrementalNode,
  inputs: InputStates,
  timed: readonly TimedInput[],
  whole: Range,
  calendar: Calendar,
): { readonly range: Range; readonly reason: string }[] {
  const waiting: { range: Range; reason: string }[] = [];
  for (const [name, state] of inputs) {
    if (state.kind === 'whole' && state.version === undefined) {
      waiting.push({ range: whole, reason: state.unaudited ? unauditedReason(name) : `${name} is not built yet` });
    }
  }
  for (const { name, state } of timed) {
    const first = state.segments[0]?.from ?? Number.POSITIVE_INFINITY;
    if (first >= whole.until) continue;
    for (const hole of subtract([{ from: first, until: whole.until }], state.segments)) {
      const hit = touched(node, name, hole, whole, calendar);
      const shut = cut(state.unaudited ?? [], hole).length > 0;
      if (hit) waiting.push({ range: hit, reason: shut ? unauditedReason(name) : `${name} is not there` });
    }
  }
  return waiting;
}

/** Of a stretch that one build made, the windows that would come out otherwise now, and why. */
function changesSince(
  node: IncrementalNode,
  build: Build,
  inside: Range,
  inputs: InputStates,
  timed: readonly TimedInput[],
  calendar: Calendar,
): (Range & { readonly reason: string })[] {
  if (build.sqlHash !== node.sqlHash && node.windowing.onChange === 'rebuild') {
    return [{ ...inside, reason: 'its SQL changed' }];
  }
  for (const [name, state] of inputs) {
    if (state.kind === 'timed' || !state.restates) continue;
    const then = build.inputs[name];
    if (then?.kind !== 'whole' || then.version !== state.version) return [{ ...inside, reason: `${name} changed` }];
  }
  const changes: (Range & { reason: string })[] = [];
  for (const { name, state } of timed) {
    if (!state.restates) continue;
    const then = build.inputs[name];
    const before = then?.kind === 'timed' ? then.segments : [];
    for (const change of differences(before, state.segments, readRange(node.windowing, name, inside, calendar))) {
      const hit = touched(node, name, change, inside, calendar);
      if (hit) changes.push({ ...hit, reason: `${name} changed` });
    }
  }
  return changes;
}

/** Of windows that one build made, those within `lookback` of the windows that have become due since. */
function dueAgain(
  { windowing }: IncrementalNode,
  build: Build,
  windows: readonly Range[],
  whole: Range,
  calendar: Calendar,
): Range[] {
  const { lookback, grain } = windowing;
  if (!lookback || build.horizon === undefined || build.horizon >= whole.until) return [];
  const reach = { from: shift(build.horizon, lookback, -1, calendar), until: build.horizon };
  return windows.flatMap((range) => {
    const hit = common(reach, range);
    const widened = hit && common(widen(grain, hit, calendar), range);
    return widened ? [widened] : [];
  });
}

/** The windows that read a changed or missing stretch of an input, within some windows. */
function touched(
  { windowing }: IncrementalNode,
  input: string,
  change: Range,
  within: Range,
  calendar: Calendar,
): Range | undefined {
  const until = lastReader(windowing, input, change.until, within.until, calendar);
  const hit = change.from < until ? common({ from: change.from, until }, within) : undefined;
  return hit ? common(widen(windowing.grain, hit, calendar), within) : undefined;
}

/**
 * Where the windows end that read back to before an instant. Months and clock changes make a step forward no mirror of a
 * step back, so that it only tells where to look, and the step back decides.
 */
function lastReader(
  { grain, readsBack }: Windowing,
  input: string,
  instant: number,
  limit: number,
  calendar: Calendar,
): number {
  const back = readsBack[input];
  if (!back) return instant;
  const reads = (window: number) => shift(window, back, -1, calendar) < instant;
  let next = floorTo(grain, Math.min(shift(instant, back, 1, calendar), limit), calendar);
  while (next < limit && reads(next)) next = nextAfter(grain, next, calendar);
  for (;;) {
    const window = floorTo(grain, next - 1, calendar);
    if (window < instant || reads(window)) return Math.max(next, instant);
    next = window;
  }
}

import type { Calendar } from '../time/grain.ts';
import { intersect, merge, type Range, subtract } from '../time/range.ts';
import { isAsked } from './audited.ts';
import { isCurrentWhole } from './inputs.ts';
import type { IncrementalNode, InputStates, PlanNode, SourceNode, State, TableNode, ViewNode } from './node.ts';
import type { Build, Recorded } from './record.ts';
import { combine, cut, join, layered, type Segment } from './segments.ts';
import { standingOf } from './standing.ts';

/** The state of a node from its inputs' states and its own record. Pure; the order of calls is the graph's. */
export function stateOf(node: PlanNode, inputs: InputStates, recorded: Recorded, calendar: Calendar): State {
  switch (node.kind) {
    case 'deferred':
      return node.state;
    case 'source':
      return sourceState(node, recorded);
    case 'incremental':
      return windowState(node, inputs, recorded, calendar);
    case 'table':
      return tableState(node, inputs, recorded);
    case 'view':
      return viewState(node, inputs, recorded);
  }
}

function sourceState(node: SourceNode, recorded: Recorded): State {
  const loads = recorded.loads(node.name);
  if (!node.timed) {
    const version = loads.length > 0 ? combine(loads.map((load) => load.id)) : undefined;
    return { kind: 'whole', version, restates: node.restates };
  }
  const covered = merge(loads.flatMap((load) => load.range ?? []));
  const held = layered(
    loads.flatMap((load) => load.segments ?? (load.range ? [{ ...load.range, version: load.id }] : [])),
  );
  const empty = subtract(covered, held).map((range) => ({ ...range, version: 'empty' }));
  const segments = [...cutAll(held, covered), ...empty].sort((a, b) => a.from - b.from);
  return { kind: 'timed', segments: join(segments), restates: true };
}

function windowState(node: IncrementalNode, inputs: InputStates, recorded: Recorded, calendar: Calendar): State {
  const { current, unaudited } = standingOf(node, inputs, recorded, calendar);
  const state = { kind: 'timed', segments: current, restates: true } as const;
  return unaudited.length > 0 ? { ...state, unaudited } : state;
}

function tableState(node: TableNode, inputs: InputStates, recorded: Recorded): State {
  const build = recorded.builds(node.name).at(-1);
  const fitting = build && isCurrentWhole(node, build, inputs) ? build : undefined;
  const current =
    fitting && isAsked(node.audits, fitting, recorded.passes(node.name), 'blocking') ? fitting : undefined;
  const shut = fitting !== undefined && current === undefined;
  const timed = [...inputs.values()].some((input) => input.kind === 'timed');
  const { restates } = node;
  if (!timed) return { kind: 'whole', version: current?.version, restates, ...(shut ? { unaudited: true } : {}) };
  const unaudited = shut ? { unaudited: coverageAtBuild(fitting) } : {};
  return { kind: 'timed', segments: current ? coverageAtBuild(current) : [], restates, ...unaudited };
}

/** A table without windows covers what its inputs covered when it was built. */
function coverageAtBuild(build: Build): Segment[] {
  const timed = Object.values(build.inputs).flatMap((input) => (input.kind === 'timed' ? [input.segments] : []));
  return coveredByAll(timed).map((range) => ({ ...range, version: build.version }));
}

/** A view covers what all its inputs cover; its version names its definition and those of what restates it. */
function viewState(node: ViewNode, inputs: InputStates, recorded: Recorded): State {
  const build = recorded.builds(node.name).at(-1);
  const fits = build !== undefined && isCurrentWhole(node, build, inputs);
  const defined = fits && isAsked(node.audits, build, recorded.passes(node.name), 'blocking');
  const shut = fits && !defined;
  const timed = [...inputs.values()].filter((input) => input.kind === 'timed');
  const whole = [...inputs.values()].filter((input) => input.kind === 'whole');
  const restates = node.restates || [...inputs.values()].some((input) => input.restates);
  const there = defined && whole.every((input) => input.version !== undefined);
  if (timed.length === 0) {
    const versions = whole.map((input) => String(input.version));
    const version = there ? combine([node.sqlHash, ...versions]) : undefined;
    return { kind: 'whole', version, restates, ...(shut ? { unaudited: true } : {}) };
  }
  if (!there) {
    const unaudited = shut ? { unaudited: [...coveredByAll(timed.map((input) => input.segments))] } : {};
    return { kind: 'timed', segments: [], restates, ...unaudited };
  }
  const always = [
    node.sqlHash,
    ...whole.flatMap((input) => (node.restates || input.restates ? [String(input.version)] : [])),
  ];
  const covered = coveredByAll(timed.map((input) => input.segments));
  const restating = timed.filter((input) => input.restates);
  const layers =
    restating.length > 0
      ? cutAll(layered(restating.flatMap((input) => input.segments)), covered)
      : covered.map((range) => ({ ...range, version: '' }));
  return {
    kind: 'timed',
    segments: layers.map((segment) => ({ ...segment, version: combine([...always, segment.version]) })),
    restates,
  };
}

function coveredByAll(inputs: readonly (readonly Segment[])[]): readonly Range[] {
  const [first = [], ...others] = inputs;
  return others.reduce<readonly Range[]>((covered, segments) => intersect(covered, segments), merge(first));
}

/** The parts of sorted segments within sorted ranges. */
function cutAll(segments: readonly Segment[], ranges: readonly Range[]): Segment[] {
  return ranges.flatMap((range) => cut(segments, range));
}

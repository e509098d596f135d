import { batchesOf, type Calendar, widen } from '../time/grain.ts';
import { intersect, merge, type Range, span, subtract } from '../time/range.ts';
import type { AddStep, Assumed } from './assumed.ts';
import { hashesOf, newAudit, passesOf } from './audited.ts';
import { inputVersions } from './inputs.ts';
import type { IncrementalNode, InputStates } from './node.ts';
import type { Recorded } from './record.ts';
import { type PlanRequest, type Rebuild, rebuildsOf } from './request.ts';
import { cut } from './segments.ts';
import { dueOf, readRange, type Standing, standingOf } from './standing.ts';
import type { Kept, Waiting } from './step.ts';

/** The windows that are missing, stale or asked for, in batches; then those that only new audits have not seen. */
export function planWindows(
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

/** What was asked for by name and lies behind all that the inputs hold: it waits, rather than being nothing. */
function beyond(standing: Standing, asked: readonly Range[] | undefined, { range }: PlanRequest): Standing['waiting'] {
  const end = span([...standing.expected, ...standing.waiting.flatMap((wait) => wait.range ?? [])])?.until;
  if (!asked || !range || end === undefined) return [];
  return subtract(asked, [{ from: Number.NEGATIVE_INFINITY, until: end }]).map((later) => ({
    range: later,
    reason: 'its inputs have no data there yet',
  }));
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

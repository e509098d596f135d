import type { AddStep, Assumed } from './assumed.ts';
import { hashesOf, isAsked, newAudit } from './audited.ts';
import { inputVersions, isCurrentWhole } from './inputs.ts';
import type { InputStates, TableNode, ViewNode } from './node.ts';
import { type PlanRequest, rebuildsOf } from './request.ts';
import { unauditedReason } from './standing.ts';
import type { Waiting } from './step.ts';

/** A view or full table is built when it, or what it reads, changed; asked again when only its audits did. Returns what it waits for. */
export function planWhole(
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

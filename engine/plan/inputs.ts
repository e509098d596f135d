import { type Range, span } from '../time/range.ts';
import type { InputStates, TableNode, ViewNode } from './node.ts';
import type { Build, InputVersions } from './record.ts';
import { cut, differences, join } from './segments.ts';

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

/**
 * Whether a full table was built from this SQL and from what its inputs hold now. A view follows its inputs by itself, so
 * that only its audits have to be asked again.
 */
export function isCurrentWhole(node: ViewNode | TableNode, build: Build, inputs: InputStates): boolean {
  if (build.sqlHash !== node.sqlHash) return false;
  if (node.kind === 'view' && node.audits.length === 0) return true;
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

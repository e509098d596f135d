import type { AddStep, Assumed } from './assumed.ts';
import { loadOf, loadsOf } from './loaded.ts';
import type { SourceNode } from './node.ts';
import type { PlanRequest } from './request.ts';

/** Files that are new or changed are loaded; what is new in the tables of others is noted. */
export function planSource(node: SourceNode, request: PlanRequest, assumed: Assumed, add: AddStep): void {
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

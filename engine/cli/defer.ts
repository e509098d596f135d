import { deferTo, openDeferral } from '../run/defer.ts';
import type { OpenedWarehouse } from '../run/planned.ts';
import type { Workspace } from '../run/workspace.ts';
import type { Call, Options } from './program.ts';
import { textOf } from './selection.ts';

export const deferOption = { defer: { type: 'string' } } as const satisfies Options;

export const deferUsage = `
  --defer T      what is neither selected nor built in this environment is read from that of target T, in the same warehouse`;

/** The environment that `--defer` names, read from its record; undefined where the option is not given. */
export async function deferralOf(call: Call, { workspace, database }: Pick<OpenedWarehouse, 'workspace' | 'database'>) {
  const target = textOf(call.values, 'defer');
  return target === undefined ? undefined : openDeferral(workspace, target, call.environment, database);
}

/** The workspace as the command reads it: with `--defer`, what is neither selected nor built from the other environment. */
export async function deferred(call: Call, opened: OpenedWarehouse, selected: ReadonlySet<string>): Promise<Workspace> {
  const deferral = await deferralOf(call, opened);
  return deferral ? deferTo(opened.workspace, opened.recorded, selected, deferral) : opened.workspace;
}

/** Which tables some models read from which environment, as lines; none where all are this environment's own. */
export function readsLines({ graph, deferred: from, places }: Workspace, names: Iterable<string>): string[] {
  const read = readThrough(graph, names);
  return [...read].sort().flatMap((name) => {
    if (!from?.names.has(name)) return [];
    const { schema, name: table } = places.read(name);
    return `reads  ${name}  from ${from.target} (${schema}.${table})`;
  });
}

/** The tables that models read; in the place of ephemeral ones what those read. */
function readThrough(graph: Workspace['graph'], names: Iterable<string>): Set<string> {
  const read = new Set<string>();
  const left = [...names];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    for (const input of graph.get(name)?.reads ?? []) {
      if (graph.get(input)?.materialized === 'ephemeral') left.push(input);
      else read.add(input);
    }
  }
  return read;
}

import { Fault } from '../fault.ts';
import type { GraphNode } from '../graph/graph.ts';
import { type Answers, type Request, select } from '../graph/select.ts';
import { withExposures } from '../run/exposures.ts';
import { openWorkspace, type Workspace } from '../run/workspace.ts';
import type { Call, Options, Values } from './program.ts';

export const selectionOptions: Options = {
  select: { type: 'string', short: 's', multiple: true },
  exclude: { type: 'string', multiple: true },
  target: { type: 'string', short: 't' },
};

export const selectionUsage = `
  --select S     what to take: a name, +name (with what it reads), name+ (with what reads it), tag:x, path:p, *
                 state:modified, window:missing, result:failed (of the latest run), report:x (what it needs)
                 a space joins selections, a comma intersects them; without it, everything
  --exclude S    what to leave out of it
  --target T     a target of project.yml`;

/** The nodes that the command line selects, inputs before their readers. Throws `Fault` invalid for a word that names nothing. */
export function selectedNodes({ graph }: Workspace, values: Values, answers: Answers = {}): readonly GraphNode[] {
  const selected = select(graph, requestOf(values), answers);
  if (selected.ok) return selected.nodes;
  throw new Fault('invalid', 'nothing was done', { problems: selected.problems });
}

/** The selection as the command line has it. */
export function requestOf(values: Values): Request {
  return { select: listOf(values, 'select'), exclude: listOf(values, 'exclude') };
}

/** The workspace of a command, its errors thrown; with the reports, where the selection speaks of them or `always`. */
export async function openSelectable(call: Call, reports: 'always' | 'asked' = 'asked'): Promise<Workspace> {
  const { values } = call;
  const workspace = openWorkspace(process.cwd(), call.environment, textOf(values, 'target'));
  const words = [...listOf(values, 'select'), ...listOf(values, 'exclude')];
  return reports === 'always' || words.some((word) => word.includes('report:')) ? withExposures(workspace) : workspace;
}

/** The texts of an option that may be given more than once. */
export function listOf(values: Values, name: string): string[] {
  const value = values[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** The text of an option that was given. */
export function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

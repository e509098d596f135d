import type { Recorded } from '../plan/record.ts';
import { refuseErrors, type Workspace } from './workspace.ts';

/**
 * Throws `Fault` invalid where selected models, or their headers, name columns that are certainly not there. Where a
 * record is given, only those are read whose SQL was never built as it stands, and what reads those: the warehouse has
 * taken the others. Parsers are loaded only for texts that nobody has read before.
 */
export async function refuseWrongColumns(
  workspace: Workspace,
  selected: ReadonlySet<string>,
  recorded?: Recorded,
): Promise<void> {
  const wanted = recorded ? selected.intersection(changedModels(workspace, recorded)) : selected;
  const models = new Set([...wanted].filter((name) => workspace.authored.has(name)));
  if (models.size === 0) return;
  const { columnProblems } = await import('./column-problems.ts');
  refuseErrors(await columnProblems(workspace, models));
}

/** Models whose SQL was never built as it stands, and all that reads them. */
function changedModels({ nodes, graph }: Workspace, recorded: Recorded): Set<string> {
  const changed = nodes.flatMap((node) => {
    if (!('sqlHash' in node)) return [];
    return recorded.builds(node.name).some(({ sqlHash }) => sqlHash === node.sqlHash) ? [] : [node.name];
  });
  return graph.downstream(changed);
}

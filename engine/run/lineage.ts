import { idOf } from '../graph/graph.ts';
import { type Edge, edgesOf } from '../lineage/project.ts';
import type { Link } from '../lineage/trace.ts';
import { readColumns } from './read-columns.ts';
import type { Workspace } from './workspace.ts';

/** What is made from what, over a whole project. */
export interface Lineage {
  /** Tables, and reports as `report:name`. */
  readonly names: readonly string[];
  readonly tables: readonly Link[];
  /** `table.column`; of reports `report:name.query.column`. */
  readonly columns: readonly Edge[];
  /** Models and reports of which not every column is known with all that it is made from. */
  readonly unknown: readonly string[];
}

/** The lineage of a workspace, of its reports too where it has them. Needs no warehouse. */
export async function readLineage(workspace: Workspace): Promise<Lineage> {
  const { columns } = await readColumns(workspace);
  const nodes = workspace.graph.nodes.filter(({ kind }) => kind !== 'test' && kind !== 'dag');
  const tables = nodes.flatMap((node) => node.reads.map((from) => ({ from, to: idOf(node) })));
  const uncertain = [...columns].filter(([, { certain }]) => !certain).map(([name]) => name);
  const unknown = uncertain.map((name) => (name.startsWith('report:') ? name.slice(0, name.indexOf('.')) : name));
  return {
    names: [...new Set([...nodes.map(idOf), ...tables.map(({ from }) => from)])],
    tables,
    columns: [...columns].flatMap(([name, { relation }]) => edgesOf(name, relation)),
    unknown: [...new Set(unknown)],
  };
}

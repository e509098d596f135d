import type { Graph, GraphNode } from '../graph/graph.ts';
import type { Dag } from '../project/dag.ts';

/** One task of an Airflow dag: one call of `engine run`. */
export interface AirflowTask {
  readonly id: string;
  readonly select: string;
  readonly exclude?: string;
  /** Ids of the tasks that it waits for. */
  readonly after: readonly string[];
}

/** How a dag is cut into tasks: one for each table that has something to be done, or one for all. */
export type Cut = 'model' | 'dag';

/** The tasks of a dag that selects these nodes, inputs before their readers. */
export function airflowTasks(dag: Dag, selected: readonly GraphNode[], graph: Graph, cut: Cut): AirflowTask[] {
  if (cut === 'dag') {
    const { select, exclude } = dag;
    return [{ id: 'run', select, ...(exclude === undefined ? {} : { exclude }), after: [] }];
  }
  const built = selected.filter(isBuilt);
  const ids = new Set(built.map(({ name }) => name));
  return built.map((node) => ({ id: node.name, select: selectorOf(node), after: nearest(node, ids, graph) }));
}

/** A source is never selected by its bare name. */
const selectorOf = ({ kind, name }: GraphNode) => (kind === 'source' ? `source:${name}` : name);

/** Ephemeral models have no table, and only tables are built. */
function isBuilt({ kind, materialized }: GraphNode): boolean {
  return kind === 'source' || kind === 'seed' || (kind === 'model' && materialized !== 'ephemeral');
}

/** The tasks whose tables a node reads, itself or through what is no task. */
function nearest(node: GraphNode, ids: ReadonlySet<string>, graph: Graph): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = ({ reads }: GraphNode) => {
    for (const name of reads) {
      if (seen.has(name)) continue;
      seen.add(name);
      const input = graph.get(name);
      if (ids.has(name)) found.add(name);
      else if (input) visit(input);
    }
  };
  visit(node);
  return [...found].sort();
}

/** A Python literal of a text: JSON's escapes are Python's, too. */
export function pythonText(text: string): string {
  return JSON.stringify(text);
}

/**
 * A text that Airflow gives to Jinja, so that it comes out as it is. What has braces would be read as a template, what
 * ends in `.sh` or `.bash` as the name of a file that holds one.
 */
export function templatedText(text: string): string {
  return /[{}]|\.(sh|bash)$/.test(text) ? `{{ ${JSON.stringify(text)} }}` : text;
}

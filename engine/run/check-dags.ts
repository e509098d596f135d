import type { Config } from '../config/config.ts';
import { didYouMean } from '../config/nearest.ts';
import type { Problem } from '../fault.ts';
import type { Graph, GraphNode } from '../graph/graph.ts';
import { type Selected, select } from '../graph/select.ts';
import type { Dag } from '../project/dag.ts';

/** What a dag's selection selects, or what is wrong with it. */
export function selectedOf(dag: Pick<Dag, 'path' | 'select' | 'exclude'>, graph: Graph): Selected {
  const exclude = dag.exclude === undefined ? [] : [dag.exclude];
  return select(graph, { select: [dag.select], exclude, place: { file: dag.path } });
}

/** What is wrong with the project's dags beside their form: selections and pools that name nothing. */
export function dagProblems(dags: Iterable<Dag>, graph: Graph, config: Pick<Config, 'pools'>): Problem[] {
  const problems: Problem[] = [];
  const pools = Object.keys(config.pools);
  for (const dag of dags) {
    const selected = selectedOf(dag, graph);
    if (!selected.ok) problems.push(...selected.problems);
    else if (!selected.nodes.some(isBuilt)) {
      problems.push({
        file: dag.path,
        severity: 'warning',
        code: 'selects-nothing',
        message: `select: ${dag.select} selects nothing that is built`,
      });
    }
    for (const pool of dag.pools.filter((name) => !pools.includes(name))) {
      const hint = didYouMean(pool, pools) ?? 'Declare it in project.yml: pools: { name: places }.';
      problems.push({
        file: dag.path,
        severity: 'error',
        code: 'unknown-pool',
        message: `there is no pool ${pool}`,
        hint,
      });
    }
  }
  return problems;
}

const isBuilt = ({ kind }: GraphNode): boolean => kind === 'model' || kind === 'source' || kind === 'seed';

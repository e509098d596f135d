import { renderCondition, renderSetting, standInEdges } from '../compile/compile.ts';
import type { Config } from '../config/config.ts';
import { didYouMean } from '../config/nearest.ts';
import { Fault, type Problem } from '../fault.ts';
import type { Graph } from '../graph/graph.ts';
import { type Selected, select } from '../graph/select.ts';
import type { Dag } from '../project/dag.ts';
import type { Project } from '../project/project.ts';

/** File patterns and conditions of sources whose Liquid cannot be rendered. */
export function liquidProblems(project: Project, config: Config): Problem[] {
  return [...project.sources.values()].flatMap(({ filePattern, patternLine, watch, path }) => [
    ...(filePattern === undefined
      ? []
      : unrendered(path, patternLine, () => renderSetting(filePattern, config.vars, path))),
    ...(watch?.completeWhen === undefined
      ? []
      : unrendered(path, watch.completeLine, conditionOf(watch.completeWhen, path))),
  ]);
}

const conditionOf = (text: string, path: string) => () => renderCondition(text, standInEdges, path);

function unrendered(file: string, line: number | undefined, render: () => string): Problem[] {
  try {
    render();
    return [];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { message, hint } = error;
    const place = line === undefined ? { file } : { file, line };
    return [{ ...place, severity: 'error', code: 'liquid', message, ...(hint ? { hint } : {}) }];
  }
}

/** Pools that nobody declared. */
export function poolProblems({ dags }: Project, { pools }: Config): Problem[] {
  const known = Object.keys(pools);
  return [...dags.values()].flatMap((dag) =>
    dag.pools
      .filter((name) => !known.includes(name))
      .map((name) => {
        const place = { file: dag.path, ...dag.placeOf(['pools', dag.pools.indexOf(name)]) };
        const hint = didYouMean(name, known) ?? 'Declare it in project.yml, as pools: { name: places }.';
        return {
          ...place,
          severity: 'error',
          code: 'unknown-pool',
          message: `there is no pool ${name}`,
          hint,
        } as const;
      }),
  );
}

/** What a dag's selection selects, or what is wrong with it. */
export function selectedByDag({ path, select: wanted, exclude, placeOf }: Dag, graph: Graph): Selected {
  const place = { file: path, ...placeOf(['select']) };
  return select(graph, { select: [wanted], exclude: exclude === undefined ? [] : [exclude], place });
}

/** Whether a dag's selection speaks of reports, which only the project's exposures know. */
export function speaksOfReports({ select: wanted, exclude = '' }: Dag): boolean {
  return `${wanted} ${exclude}`.includes('report:');
}

/** Selections of dags that name nothing. Those that speak of reports can only be judged once the reports are known. */
export function dagProblems(project: Project, graph: Graph, reports: 'unknown' | 'known'): Problem[] {
  return [...project.dags.values()].flatMap((dag) => {
    if (speaksOfReports(dag) !== (reports === 'known')) return [];
    const selected = selectedByDag(dag, graph);
    return selected.ok ? [] : selected.problems;
  });
}

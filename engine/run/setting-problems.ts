import { renderSetting } from '../compile/compile.ts';
import type { Config } from '../config/config.ts';
import { Fault, type Problem } from '../fault.ts';
import type { Graph } from '../graph/graph.ts';
import { select } from '../graph/select.ts';
import type { Project } from '../project/project.ts';

/** File patterns whose Liquid cannot be rendered. */
export function patternProblems(project: Project, config: Config): Problem[] {
  return [...project.sources.values()].flatMap(({ filePattern, patternLine, path }) => {
    if (filePattern === undefined) return [];
    try {
      renderSetting(filePattern, config.vars, path);
      return [];
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const { message, hint } = error;
      const line = patternLine === undefined ? {} : { line: patternLine };
      return [{ file: path, ...line, severity: 'error', code: 'liquid', message, ...(hint ? { hint } : {}) } as const];
    }
  });
}

/** Selections of dags that name nothing. Those that speak of reports can only be judged once the reports are known. */
export function dagProblems(project: Project, graph: Graph, reports: 'unknown' | 'known'): Problem[] {
  return [...project.dags.values()].flatMap((dag) => {
    if (dag.select.includes('report:') !== (reports === 'known')) return [];
    const place = { file: dag.path, ...dag.placeOf(['select']) };
    const selected = select(graph, { select: [dag.select], place });
    return selected.ok ? [] : selected.problems;
  });
}

import { counted } from '../config/counted.ts';
import { showProblem } from '../fault.ts';
import { columnProblems } from '../run/column-problems.ts';
import { withExposures } from '../run/exposures.ts';
import { readWorkspace } from '../run/workspace.ts';
import type { Call } from './program.ts';
import { textOf } from './selection.ts';

export const usage = `[--target T]

Reads and compiles the whole project and names every mistake at once, with file and line. Needs no warehouse.

  --target T     a target of project.yml: with a schema_suffix also what cannot be moved under it`;
export const options = { target: { type: 'string', short: 't' } } as const;
export const examples = ['check', 'check --target dev'];
export const exits = { 2: 'at least one error; warnings alone are 0' };

export async function run(call: Call): Promise<number> {
  const workspace = await withExposures(readWorkspace(process.cwd(), call.environment, textOf(call.values, 'target')), {
    thorough: true,
  });
  const { project, graph } = workspace;
  const sorted = [...workspace.problems, ...(await columnProblems(workspace))].toSorted(
    (a, b) => a.file.localeCompare(b.file) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
  const errors = sorted.filter((problem) => problem.severity === 'error').length;
  for (const problem of sorted) call.print(showProblem(problem));
  const { models, sources, dags } = project;
  const reports = graph.nodes.filter((node) => node.kind === 'report').length;
  const said = [
    counted(models.size, 'model'),
    counted(sources.size, 'source'),
    counted(dags.size, 'dag'),
    counted(reports, 'report'),
  ].join(', ');
  call.print(
    sorted.length === 0
      ? `${said}: all is well.`
      : `${said}: ${counted(errors, 'error')}, ${counted(sorted.length - errors, 'warning')}.`,
  );
  call.answer({
    problems: sorted.map(({ file, line, column, severity, code, message, hint }) => ({
      file,
      line: line ?? null,
      column: column ?? null,
      severity,
      code,
      message,
      hint: hint ?? null,
    })),
  });
  return errors > 0 ? 2 : 0;
}

import { showProblem } from '../fault.ts';
import { withExposures } from '../run/exposures.ts';
import { readWorkspace } from '../run/workspace.ts';
import type { Call } from './program.ts';
import { textOf } from './selection.ts';

export const usage = `[--target T]

Reads and compiles the whole project and names every mistake at once, with file and line. Needs no warehouse.`;
export const options = { target: { type: 'string', short: 't' } } as const;

export async function run(call: Call): Promise<number> {
  const { project, problems, graph } = await withExposures(
    readWorkspace(process.cwd(), call.environment, textOf(call.values, 'target')),
    { thorough: true },
  );
  const sorted = problems.toSorted(
    (a, b) => a.file.localeCompare(b.file) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
  const errors = sorted.filter((problem) => problem.severity === 'error').length;
  for (const problem of sorted) call.print(showProblem(problem));
  const { models, sources, dags } = project;
  const reports = graph.nodes.filter((node) => node.kind === 'report').length;
  const said = `${models.size} models, ${sources.size} sources, ${dags.size} dags, ${reports} reports`;
  call.print(
    sorted.length === 0 ? `${said}: all is well.` : `${said}: ${errors} errors, ${sorted.length - errors} warnings.`,
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

import { counted } from '../config/counted.ts';
import { runUnitTest, type TestVerdict } from '../run/unit-test.ts';
import { openTarget } from '../warehouse/open.ts';
import type { Call } from './program.ts';
import { openSelectable, selectionOptions, selectionUsage } from './selection.ts';
import { selectWherever } from './warehouse-call.ts';

export const usage = `[--select S] [--exclude S]

Runs the unit tests of models/**/*.test.yml: models on made-up rows, on the embedded server, whatever the target; no data
is touched. A test is selected by its own name or by its model's.
${selectionUsage}`;
export const options = selectionOptions;
export const examples = ['test', 'test --select kpi.store_daily'];
export const exits = { 1: 'a test failed or could not be asked' };

export async function run(call: Call): Promise<number> {
  const workspace = await openSelectable(call);
  const names = new Set((await selectWherever(call, workspace)).map((node) => node.name));
  const tests = workspace.project.tests.filter(({ model, name }) => names.has(model) || names.has(`${model}.${name}`));
  const verdicts: TestVerdict[] = [];
  if (tests.length > 0) {
    const { root } = workspace.config;
    await using database = await openTarget(
      { type: 'embedded', database: 'unit_tests' },
      { root, signal: call.signal },
    );
    for (const test of tests) {
      const verdict = await runUnitTest(workspace, test, database, call.signal);
      verdicts.push(verdict);
      for (const line of linesOf(verdict)) call.print(line);
    }
  }
  const bad = verdicts.filter(({ kind }) => kind !== 'passed').length;
  call.print(`${counted(verdicts.length, 'test')}, ${verdicts.length - bad} passed, ${bad} failed.`);
  call.answer({
    ok: bad === 0,
    tests: verdicts.map((verdict) => ({
      model: verdict.test.model,
      name: verdict.test.name,
      path: verdict.test.path,
      outcome: verdict.kind,
      differences: verdict.kind === 'failed' ? verdict.diffs : [],
      error: verdict.kind === 'broken' ? verdict.error : null,
    })),
  });
  return bad > 0 ? 1 : 0;
}

function linesOf(verdict: TestVerdict): string[] {
  const { model, name, path, placeOf } = verdict.test;
  const head = `${verdict.kind.padEnd(6)}  ${model}.${name}`;
  if (verdict.kind === 'passed') return [head];
  const where = `        ${path}:${placeOf([]).line}`;
  if (verdict.kind === 'broken') return [head, where, ...verdict.error.split('\n').map((line) => `        ${line}`)];
  return [head, where, ...verdict.lines.map((line) => `        ${line}`)];
}

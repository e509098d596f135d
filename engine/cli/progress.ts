import type { StepResult, Watcher } from '../execute/perform.ts';
import type { Step } from '../plan/step.ts';
import type { Workspace } from '../run/workspace.ts';
import type { Call } from './program.ts';
import { stepLine } from './steps.ts';
import { showDuration } from './table.ts';

/** Progress of a run: a line that is written over on a terminal, nothing where the output is not one. */
export function progress(total: number, workspace: Workspace, call: Call): Watcher & { close(): void } {
  if (!process.stderr.isTTY || call.json) return { began() {}, ended() {}, close() {} };
  let done = 0;
  let failed = 0;
  const running = new Map<number, Step>();
  const began = performance.now();
  const draw = () => {
    const step = [...running.values()].at(-1);
    const tail = failed > 0 ? `, ${failed} failed` : '';
    const head = `[${done}/${total}${tail}, ${showDuration(performance.now() - began)}] `;
    const line = `${head}${step ? stepLine(step, workspace) : ''}`.slice(0, (process.stderr.columns ?? 100) - 1);
    process.stderr.write(`\r\x1b[2K${line}`);
  };
  const timer = setInterval(draw, 250);
  return {
    began(step) {
      running.set(step.id, step);
      draw();
    },
    ended({ step, outcome }: StepResult) {
      running.delete(step.id);
      done += 1;
      if (outcome.kind === 'failed' || outcome.kind === 'audit-failed') failed += 1;
      draw();
    },
    close() {
      clearInterval(timer);
      process.stderr.write('\r\x1b[2K');
    },
  };
}

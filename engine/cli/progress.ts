import type { StepResult, Watcher } from '../execute/perform.ts';
import type { Step } from '../plan/step.ts';
import type { Workspace } from '../run/workspace.ts';
import type { ReadProgress } from '../source/read-progress.ts';
import type { Call } from './program.ts';
import { stepLine } from './steps.ts';
import { showDuration } from './table.ts';

/** Progress of a run: a line that is written over on a terminal, nothing where the output is not one. */
export function progress(total: number, workspace: Workspace, call: Call): Watcher & { close(): void } {
  if (!process.stderr.isTTY || call.json) return { began() {}, ended() {}, close() {} };
  let done = 0;
  let failed = 0;
  const running = new Map<number, Step>();
  const reading = new Map<number, ReadProgress>();
  const began = performance.now();
  const draw = () => {
    const step = [...running.values()].at(-1);
    const tail = failed > 0 ? `, ${failed} failed` : '';
    const head = `[${done}/${total}${tail}, ${showDuration(performance.now() - began)}] `;
    const read = step && reading.get(step.id);
    const share = read ? `${readLine(read)}  ` : '';
    const line = `${head}${step ? `${share}${stepLine(step, workspace)}` : ''}`.slice(
      0,
      (process.stderr.columns ?? 100) - 1,
    );
    process.stderr.write(`\r\x1b[2K${line}`);
  };
  const timer = setInterval(draw, 250);
  return {
    began(step) {
      running.set(step.id, step);
      draw();
    },
    reading: (step, progress) => void reading.set(step.id, progress),
    ended({ step, outcome }: StepResult) {
      running.delete(step.id);
      reading.delete(step.id);
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

/** How far a file has been read: `45 % of 1.2 GB`. */
export function readLine({ bytes, of }: ReadProgress): string {
  const share = of === 0 ? 100 : Math.floor((100 * bytes) / of);
  return `${share} % of ${showBytes(of)}`;
}

function showBytes(bytes: number): string {
  const power = Math.min(4, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const unit = ['bytes', 'kB', 'MB', 'GB', 'TB'][power];
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toFixed(1)} ${unit}`;
}

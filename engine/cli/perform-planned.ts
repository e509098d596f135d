import { hostname } from 'node:os';
import { Fault } from '../fault.ts';
import { openLog } from '../log/log.ts';
import { type Planned, runPlanned } from '../run/planned.ts';
import { describeStep, errorOf } from '../run/run.ts';
import { readsLines } from './defer.ts';
import type { Call } from './program.ts';
import { progress } from './progress.ts';
import { textOf } from './selection.ts';
import { describeWaiting, keptLines, stepLine, summary, waitingLines } from './steps.ts';

/** Prints a plan and does nothing. Returns the exit code. */
export function showPlanned(call: Call, planned: Planned): number {
  const { plan, workspace } = planned;
  for (const step of plan.steps) call.print(stepLine(step, workspace));
  for (const line of readsLines(workspace, planned.asked.selected)) call.note(line);
  for (const line of waitingLines(plan.waiting, workspace)) call.note(line);
  for (const line of keptLines(plan.kept, workspace)) call.note(line);
  if (plan.steps.length === 0) call.print(nothingToDo(plan.waiting.length, workspace.config.targetName));
  const steps = plan.steps.map((step) => ({
    ...describeStep(step, workspace),
    outcome: null,
    rows: null,
    ms: null,
    error: null,
  }));
  call.answer({ run_id: null, steps, ...waitingAnswer(planned), ok: true, ...deferredAnswer(planned) });
  return plan.waiting.length > 0 ? 3 : 0;
}

/** What waits, for machines; nothing where nothing does. */
function waitingAnswer({ plan, workspace }: Planned): object {
  return plan.waiting.length > 0 ? { waiting: describeWaiting(plan.waiting, workspace) } : {};
}

/** Which tables are read from which other environment, for machines. */
function deferredAnswer({ workspace }: Planned): object {
  const { deferred } = workspace;
  return deferred ? { deferred: { target: deferred.target, tables: [...deferred.names].sort() } } : {};
}

function nothingToDo(waiting: number, target: string): string {
  if (waiting === 0) return 'Nothing to do: everything selected is current.';
  return `Nothing can be built yet on target ${target}: what is selected waits for its inputs (see above).`;
}

/** Performs a plan as a run and prints what became of it. Returns the exit code. */
export async function performPlanned(call: Call, planned: Planned): Promise<number> {
  const { workspace, plan } = planned;
  const { config } = workspace;
  const watcher = progress(plan.steps.length, workspace, call);
  const result = await runPlanned(planned, process.argv.slice(2).join(' '), {
    threads: threadsOf(call, config.threads),
    signal: call.signal,
    log: openLog(config.root, 'engine', 'silent').child({ host: hostname() }),
    watcher,
  });
  watcher.close();
  if (call.signal.aborted) throw call.signal.reason;
  if (plan.steps.length === 0) return showPlanned(call, planned);
  for (const line of summary(result, workspace)) call.print(line);
  for (const line of waitingLines(plan.waiting, workspace)) call.note(line);
  call.answer({
    run_id: result.runId,
    steps: result.results.map((one) => ({
      ...describeStep(one.step, workspace),
      outcome: one.outcome.kind,
      rows: one.outcome.kind === 'built' ? one.outcome.rows : null,
      ms: one.ms,
      error: errorOf(one),
    })),
    ...waitingAnswer(planned),
    ok: result.ok,
    ...deferredAnswer(planned),
  });
  if (!result.ok) return 1;
  return plan.waiting.length > 0 ? 3 : 0;
}

function threadsOf(call: Call, usual: number): number {
  const text = textOf(call.values, 'threads');
  if (text === undefined) return usual;
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 1 && threads <= 64) return threads;
  throw new Fault('invalid', `--threads ${text}: a number from 1 to 64`);
}

import { hostname } from 'node:os';
import { Fault } from '../fault.ts';
import { openLog } from '../log/log.ts';
import { runPlanned } from '../run/planned.ts';
import { describeStep, errorOf } from '../run/run.ts';
import { openState } from '../warehouse/open.ts';
import { openPlanned, planOptions, planUsage } from './planned.ts';
import type { Call } from './program.ts';
import { progress } from './progress.ts';
import { textOf } from './selection.ts';
import { keptLines, stepLine, summary, waitingLines } from './steps.ts';

export const usage = `[--select S] [--exclude S] [--from D --until D | --day D | --last 7d] [--rebuild]

Builds what is missing or stale: files into sources, models from what they read, windows as far as the data goes.
${planUsage}
  --threads N    steps side by side
  --dry-run      shows the plan and does nothing`;
export const options = { ...planOptions, threads: { type: 'string' }, 'dry-run': { type: 'boolean' } } as const;

export async function run(call: Call): Promise<number> {
  await using planned = await openPlanned(call);
  const { workspace, plan } = planned;
  if (call.values['dry-run'] || plan.steps.length === 0) {
    for (const step of plan.steps) call.print(stepLine(step, workspace));
    for (const line of waitingLines(plan.waiting, workspace)) call.note(line);
    for (const line of keptLines(plan.kept, workspace)) call.note(line);
    if (plan.steps.length === 0) call.print('Nothing to do: everything selected is current.');
    const steps = plan.steps.map((step) => ({
      ...describeStep(step, workspace),
      outcome: null,
      rows: null,
      ms: null,
      error: null,
    }));
    call.answer({ run_id: null, steps, ok: true });
    return plan.waiting.length > 0 ? 3 : 0;
  }

  const { config } = workspace;
  await using state = await openState(config.root, config.stateUrl, { signal: call.signal });
  const watcher = progress(plan.steps.length, workspace, call);
  const result = await runPlanned(planned, process.argv.slice(2).join(' '), {
    state,
    threads: threadsOf(call, config.threads),
    signal: call.signal,
    log: openLog(config.root, 'engine', 'silent').child({ host: hostname() }),
    watcher,
  });
  watcher.close();
  if (call.signal.aborted) throw call.signal.reason;
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
    ok: result.ok,
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

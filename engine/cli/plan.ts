import { describeStep } from '../run/run.ts';
import { openPlanned, planOptions, planUsage } from './planned.ts';
import type { Call } from './program.ts';
import { keptLines, stepLine, waitingLines } from './steps.ts';

export const usage = `[--select S] [--exclude S] [--from D --until D | --day D | --last 7d] [--rebuild]

Shows what run would do, and why; the same list of steps.
${planUsage}`;
export const options = planOptions;

export async function run(call: Call): Promise<number> {
  await using planned = await openPlanned(call);
  const { plan, workspace } = planned;
  for (const step of plan.steps) call.print(stepLine(step, workspace));
  for (const line of waitingLines(plan.waiting, workspace)) call.note(line);
  for (const line of keptLines(plan.kept, workspace)) call.note(line);
  if (plan.steps.length === 0) call.print('Nothing to do: everything selected is current.');
  call.answer({
    run_id: null,
    steps: plan.steps.map((step) => ({
      ...describeStep(step, workspace),
      outcome: null,
      rows: null,
      ms: null,
      error: null,
    })),
    ok: true,
  });
  return plan.waiting.length > 0 ? 3 : 0;
}

import { showPlanned } from './perform-planned.ts';
import { openPlanned, planOptions, planUsage } from './planned.ts';
import type { Call } from './program.ts';

export const usage = `[--select S] [--exclude S] [[--from D] --until D | --day D | --last 7d] [--rebuild | --full-refresh]

Shows what run would do, and why; the same list of steps.
${planUsage}`;
export const options = planOptions;
export const examples = ['plan', 'plan --select kpi.store_daily --day 2022-02-28'];
export const exits = { 3: 'nothing failed, but something selected waits for its inputs' };

export async function run(call: Call): Promise<number> {
  await using planned = await openPlanned(call);
  return showPlanned(call, planned);
}

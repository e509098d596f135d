import { performPlanned, showPlanned } from './perform-planned.ts';
import { openPlanned, planOptions, planUsage } from './planned.ts';
import type { Call } from './program.ts';

export const usage = `[--select S] [--exclude S] [[--from D] --until D | --day D | --last 7d] [--rebuild | --full-refresh]

Builds what is missing or stale: files into sources, models from what they read, windows as far as the data goes. What
--rebuild and --full-refresh ask for is recorded: killed half-way, the next run goes on with it.
${planUsage}
  --threads N    steps side by side
  --dry-run      shows the plan and does nothing`;
export const options = { ...planOptions, threads: { type: 'string' }, 'dry-run': { type: 'boolean' } } as const;
export const examples = [
  'run',
  'run --select +kpi.store_daily',
  'run --select tag:daily --last 7d',
  'run --select kpi.store_daily+ --from 2022-01-01 --until 2022-02-01 --rebuild',
  'run --target dev --select kpi.store_daily --defer prod',
];
export const exits = { 3: 'nothing failed, but something selected waits for its inputs' };

export async function run(call: Call): Promise<number> {
  await using planned = await openPlanned(call);
  return call.values['dry-run'] ? showPlanned(call, planned) : await performPlanned(call, planned);
}

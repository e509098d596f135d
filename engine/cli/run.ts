import { performPlanned, showPlanned } from './perform-planned.ts';
import { openPlanned, planOptions, planUsage } from './planned.ts';
import type { Call } from './program.ts';

export const usage = `[--select S] [--exclude S] [--from D --until D | --day D | --last 7d] [--rebuild | --full-refresh]

Builds what is missing or stale: files into sources, models from what they read, windows as far as the data goes. What
--rebuild and --full-refresh ask for is recorded: killed half-way, the next run goes on with it.
${planUsage}
  --threads N    steps side by side
  --dry-run      shows the plan and does nothing`;
export const options = { ...planOptions, threads: { type: 'string' }, 'dry-run': { type: 'boolean' } } as const;

export async function run(call: Call): Promise<number> {
  await using planned = await openPlanned(call);
  return call.values['dry-run'] ? showPlanned(call, planned) : await performPlanned(call, planned);
}

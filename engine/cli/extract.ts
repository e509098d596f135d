import { performPlanned, showPlanned } from './perform-planned.ts';
import { openPlanned } from './planned.ts';
import type { Call } from './program.ts';
import { selectionOptions, selectionUsage } from './selection.ts';

export const usage = `[--select S] [--exclude S] [--dry-run]

Fetches and loads what is new in the sources. run does it by itself.
${selectionUsage}
  --dry-run      shows what would be loaded`;
export const options = { ...selectionOptions, 'dry-run': { type: 'boolean' } } as const;
export const examples = ['extract', 'extract --select source:raw.sales_lines'];

export async function run(call: Call): Promise<number> {
  await using planned = await openPlanned(call, { kinds: ['source'] });
  return call.values['dry-run'] ? showPlanned(call, planned) : await performPlanned(call, planned);
}

import { performPlanned, showPlanned } from './perform-planned.ts';
import { openPlanned } from './planned.ts';
import type { Call } from './program.ts';
import { selectionOptions, selectionUsage } from './selection.ts';

export const usage = `[--select S] [--exclude S] [--dry-run]

Loads the CSV files of models/seeds whose rows or types have changed. run does it by itself.
${selectionUsage}
  --dry-run      shows what would be loaded`;
export const options = { ...selectionOptions, 'dry-run': { type: 'boolean' } } as const;
export const examples = ['seed', 'seed --select seeds.stores --dry-run'];

export async function run(call: Call): Promise<number> {
  await using planned = await openPlanned(call, { kinds: ['seed'] });
  return call.values['dry-run'] ? showPlanned(call, planned) : await performPlanned(call, planned);
}

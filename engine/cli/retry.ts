import { openRunHistory } from '../record/run-history.ts';
import { prepareState } from '../record/state-schema.ts';
import { findRetry } from '../run/retry.ts';
import { openWorkspace } from '../run/workspace.ts';
import { openState } from '../warehouse/open.ts';
import { performPlanned, showPlanned } from './perform-planned.ts';
import { openPlanned } from './planned.ts';
import type { Call } from './program.ts';
import { textOf } from './selection.ts';

export const usage = `[ID] [--dry-run] [--target T]

Does again what failed in a run or was not reached, for the same windows; without an ID, of the latest that left anything.
What has been built since is left alone.

  --dry-run      shows what would be done
  --target T     a target of project.yml`;
export const options = { 'dry-run': { type: 'boolean' }, target: { type: 'string', short: 't' } } as const;
export const positionals = 1;
export const examples = ['retry', 'retry mwtln47m9e0386cad2 --dry-run'];
export const exits = { 3: 'nothing failed, but something selected waits for its inputs' };

export async function run(call: Call): Promise<number> {
  const { config } = openWorkspace(process.cwd(), call.environment, textOf(call.values, 'target'));
  await using state = await openState(config.root, config.stateUrl, { signal: call.signal });
  await prepareState(state, config.stateName);
  const [id] = call.positionals;
  const retry = await findRetry(openRunHistory(state, config.stateName), id, config.calendar.timezone);
  call.note(`run ${retry.run.id} (${retry.run.command}) ${retry.run.state}`);
  await using planned = await openPlanned(call, { names: retry.names, only: retry.only });
  return call.values['dry-run'] ? showPlanned(call, planned) : await performPlanned(call, planned);
}

import { findRoot, loadConfig } from '../config/config.ts';
import { didYouMean } from '../config/nearest.ts';
import { Fault } from '../fault.ts';
import { openRunHistory } from '../record/run-history.ts';
import { prepareState } from '../record/state-schema.ts';
import { openState } from '../warehouse/open.ts';
import type { Call } from './program.ts';
import { textOf } from './selection.ts';
import { textTable } from './table.ts';

export const usage = `[ID] [--limit N] [--target T]

Shows the latest runs, or the steps of one.

  --limit N      at most N runs (20 without it)
  --target T     a target of project.yml`;
export const options = { limit: { type: 'string' }, target: { type: 'string', short: 't' } } as const;
export const positionals = 1;
export const examples = ['runs --limit 5', 'runs mwtln47m9e0386cad2'];

export async function run(call: Call): Promise<number> {
  const config = loadConfig(findRoot(process.cwd()), call.environment, textOf(call.values, 'target'));
  await using state = await openState(config.root, config.stateUrl, { signal: call.signal });
  await prepareState(state, config.stateName);
  const history = openRunHistory(state, config.stateName);
  const limit = Number(textOf(call.values, 'limit') ?? 20);
  if (!Number.isInteger(limit) || limit < 1) throw new Fault('invalid', '--limit: a whole number from 1');
  const [id] = call.positionals;
  if (id === undefined) {
    const runs = await history.runs(limit);
    call.print(runs.length > 0 ? textTable(runs) : `no runs on target ${config.targetName} yet`);
    call.answer(runs);
    return 0;
  }
  const steps = await history.steps(id);
  if (steps.length === 0) {
    const known = (await history.runs(100)).map((one) => one.id);
    const hint = didYouMean(id, known);
    throw new Fault('invalid', `there is no run ${id} on target ${config.targetName}`, hint ? { hint } : {});
  }
  call.print(textTable(steps));
  call.answer(steps);
  return 0;
}

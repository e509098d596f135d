import { openPlanned as open, type Planned } from '../run/planned.ts';
import type { Call, Options } from './program.ts';
import { openSelectable, selectedNodes, selectionOptions, selectionUsage, textOf } from './selection.ts';

export const planOptions: Options = {
  ...selectionOptions,
  from: { type: 'string' },
  until: { type: 'string' },
  day: { type: 'string' },
  last: { type: 'string' },
  rebuild: { type: 'boolean' },
};

export const planUsage = `${selectionUsage}
  --from D --until D, --day D, --last 7d    only windows of this stretch, widened to whole windows
  --rebuild      the windows of that stretch again, though they are current`;

/** What `plan` and `run` have in common: the very same plan. */
export async function openPlanned(call: Call): Promise<Planned> {
  const { values } = call;
  const workspace = await openSelectable(call);
  const selected = new Set(selectedNodes(workspace, values).map((node) => node.name));
  const asked: Record<string, string> = {};
  for (const name of ['from', 'until', 'day', 'last'] as const) {
    const text = textOf(values, name);
    if (text !== undefined) asked[name] = text;
  }
  return open(workspace, { selected, asked, rebuild: values['rebuild'] === true }, call.signal);
}

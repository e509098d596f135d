import { Fault } from '../fault.ts';
import type { GraphNode } from '../graph/graph.ts';
import type { Call } from './program.ts';
import { openSelectable, selectionOptions, selectionUsage, textOf } from './selection.ts';
import { selectWherever } from './warehouse-call.ts';

export const usage = `[--select S] [--exclude S] [--output name|path|json]

Shows what a selection selects.
${selectionUsage}
  --output O     name (as it is without), path, or json`;
export const options = { ...selectionOptions, output: { type: 'string' } } as const;
export const examples = [
  'ls --select +report:daily_sales',
  'ls --select tag:kpi,config.materialized:incremental --output path',
];

export async function run(call: Call): Promise<number> {
  const workspace = await openSelectable(call, 'always');
  const entries = (await selectWherever(call, workspace)).map(entryOf);
  const output = textOf(call.values, 'output') ?? 'name';
  if (!['name', 'path', 'json'].includes(output)) {
    throw new Fault('invalid', `--output ${output}: one of name, path, json`);
  }
  if (output === 'json') call.print(JSON.stringify(entries));
  else for (const entry of entries) call.print(output === 'path' ? entry.path : entry.name);
  call.answer(entries);
  return 0;
}

function entryOf({ name, kind, path, materialized, tags, reads }: GraphNode) {
  return { name, kind, path, materialized: materialized ?? null, tags, depends_on: reads };
}

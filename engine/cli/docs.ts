import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { counted } from '../config/counted.ts';
import { describeProject, type LiveFacts } from '../docs/describe.ts';
import { dataScript } from '../docs/site.ts';
import { openRunHistory } from '../record/run-history.ts';
import { prepareState } from '../record/state-schema.ts';
import { withExposures } from '../run/exposures.ts';
import { readColumns } from '../run/read-columns.ts';
import { columnsOf } from '../warehouse/catalogue.ts';
import type { Call } from './program.ts';
import { openSelectable, textOf } from './selection.ts';
import { openWarehouse } from './warehouse-call.ts';

export const usage = `[--out DIR] [--offline] [--target T]

Writes a site about the project: models, columns and what they are made from, the graph, which days are built, the last
runs. A folder of five files that opens from anywhere, also without a network.
  --out DIR      the folder to write to (var/docs)
  --offline      from the files alone: no types, days and runs
  --target T     a target of project.yml`;
export const options = {
  out: { type: 'string' },
  offline: { type: 'boolean' },
  target: { type: 'string', short: 't' },
} as const;
export const examples = ['docs', 'docs --offline --out public'];

const page = fileURLToPath(new URL('../docs/page', import.meta.url));

export async function run(call: Call): Promise<number> {
  const offline = call.values['offline'] === true;
  const site = offline ? await offlineSite(call) : await liveSite(call);
  const out = resolve(textOf(call.values, 'out') ?? join(process.cwd(), 'var/docs'));
  mkdirSync(out, { recursive: true });
  for (const name of readdirSync(page)) copyFileSync(join(page, name), join(out, name));
  writeFileSync(join(out, 'data.js'), dataScript(site));
  const index = join(out, 'index.html');
  call.print(`${relative(process.cwd(), index)}  (${counted(site.nodes.length, 'page')})`);
  call.answer({ index, nodes: site.nodes.length });
  return 0;
}

async function offlineSite(call: Call) {
  const workspace = await openSelectable(call, 'always');
  return describeProject(workspace, (await readColumns(workspace)).columns, new Date());
}

async function liveSite(call: Call) {
  await using warehouse = await openWarehouse(call);
  const { database, state, recorded } = warehouse;
  const workspace = await withExposures(warehouse.workspace);
  const { stateName } = workspace.config;
  await prepareState(state, stateName);
  const types = new Map<string, ReadonlyMap<string, string>>();
  for (const { name } of workspace.nodes) {
    const columns = await columnsOf(database, workspace.places.own(name));
    if (columns.length > 0) types.set(name, new Map(columns.map((column) => [column.name, column.type])));
  }
  const live: LiveFacts = { recorded, types, runs: await openRunHistory(state, stateName).runs(50) };
  return describeProject(workspace, (await readColumns(workspace)).columns, new Date(), live);
}

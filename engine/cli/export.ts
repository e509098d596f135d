import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { counted } from '../config/counted.ts';
import { didYouMean } from '../config/nearest.ts';
import { Fault } from '../fault.ts';
import { withExposures } from '../run/exposures.ts';
import { selectedByDag } from '../run/setting-problems.ts';
import { openWorkspace } from '../run/workspace.ts';
import { airflowFile, notCarriedOver } from '../schedule/airflow.ts';
import { airflowTasks, type Cut } from '../schedule/airflow-tasks.ts';
import type { Call } from './program.ts';
import { textOf } from './selection.ts';

export const usage = `airflow [--out DIR] [--tasks model|dag] [--target T]

Writes the dags as files for Airflow 3, one a dag. Files of earlier exports whose dag is gone are deleted.
  --out DIR      the folder to write to (var/airflow)
  --tasks T      model: a task for each table (the usual); dag: one task for all
  --target T     a target of project.yml`;
export const options = {
  out: { type: 'string' },
  tasks: { type: 'string' },
  target: { type: 'string', short: 't' },
} as const;
export const positionals = 1;
export const examples = ['export airflow --out /opt/airflow/dags/tiffin'];

/** How each file of ours begins: by it those of dags that are gone are known. */
const ours = '# Made by "engine export airflow" from ';
const airflowName = /^[A-Za-z0-9_.-]{1,200}$/;

export async function run(call: Call): Promise<number> {
  const [what] = call.positionals;
  if (what !== 'airflow') {
    const hint = what === undefined ? undefined : didYouMean(what, ['airflow']);
    throw new Fault('invalid', 'say what to export to: engine export airflow', hint ? { hint } : {});
  }
  const tasks = cutOf(textOf(call.values, 'tasks') ?? 'model');
  const workspace = await withExposures(openWorkspace(process.cwd(), call.environment, textOf(call.values, 'target')));
  const { config, project, graph } = workspace;
  const out = resolve(textOf(call.values, 'out') ?? join(config.root, 'var/airflow'));
  const settings = { timezone: config.calendar.timezone, threads: config.threads };
  const files = [...project.dags.values()].map((dag) => {
    const selected = selectedByDag(dag, graph);
    if (!selected.ok)
      throw new Fault('invalid', `${dag.path} selects what is not there`, { problems: selected.problems });
    if (!airflowName.test(dag.name))
      throw new Fault('invalid', `${dag.path}: Airflow takes letters, digits, _, - and . in a dag's name`);
    for (const note of notCarriedOver(dag)) call.note(note);
    const cut = airflowTasks(dag, selected.nodes, graph, tasks);
    return {
      dag: dag.name,
      path: join(out, `${dag.name}.py`),
      tasks: cut.length,
      text: airflowFile(dag, cut, settings),
    };
  });
  mkdirSync(out, { recursive: true });
  const foreign = files.find(({ path }) => existsSync(path) && !isOurs(path));
  if (foreign) throw new Fault('invalid', `${foreign.path} is not of an earlier export; nothing was written`);
  for (const { dag, path, text, tasks: count } of files) {
    writeFileSync(path, text);
    call.print(`${path}  (${dag}: ${counted(count, 'task')})`);
  }
  const written = new Set(files.map(({ path }) => path));
  const gone = readdirSync(out)
    .filter((name) => name.endsWith('.py'))
    .map((name) => join(out, name))
    .filter((path) => !written.has(path) && isOurs(path));
  for (const path of gone) {
    rmSync(path);
    call.print(`${path}  (deleted: its dag is gone)`);
  }
  if (files.length === 0) call.print('There are no dags: dags/<name>.yml says when what is run.');
  call.answer({ files: files.map(({ dag, path, tasks: count }) => ({ dag, path, tasks: count })), deleted: gone });
  return 0;
}

function cutOf(text: string): Cut {
  if (text === 'model' || text === 'dag') return text;
  throw new Fault('invalid', `--tasks ${text}: one of model, dag`);
}

const isOurs = (path: string) => readFileSync(path, 'utf8').startsWith(ours);

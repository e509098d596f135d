import { Fault } from '../fault.ts';
import { placeModel } from '../run/places.ts';
import { refuseWrongColumns } from '../run/refuse-columns.ts';
import type { Workspace } from '../run/workspace.ts';
import { floorTo, nextAfter } from '../time/grain.ts';
import { parseDay, startOfDay } from '../time/zone.ts';
import { deferOption, deferred, deferUsage, readsLines } from './defer.ts';
import type { Call } from './program.ts';
import { listOf, openSelectable, selectionOptions, selectionUsage, textOf } from './selection.ts';
import { openWarehouse, selectWherever } from './warehouse-call.ts';

export const usage = `[NAME] [--select S] [--day D] [--dialect D]

Prints the SQL that would be run, model by model. An incremental model's is that of one window.
${selectionUsage}
  --day D        the window that holds this day; without it, the model's first
  --dialect D    redshift: the author's SQL, where the target would be given another form of it${deferUsage}`;
export const options = {
  ...selectionOptions,
  ...deferOption,
  day: { type: 'string' },
  dialect: { type: 'string' },
} as const;
export const positionals = 1;
export const examples = ['compile kpi.store_daily --day 2022-02-28', 'compile --select staging.*'];

export async function run(call: Call): Promise<number> {
  const { names, workspace } = await chosen(call);
  await refuseWrongColumns(workspace, new Set(names));
  const { calendar, dialect } = workspace.config;
  const asked = textOf(call.values, 'dialect');
  if (asked !== undefined && asked !== dialect)
    throw new Fault('invalid', `--dialect ${asked}: the models of this project are written for ${dialect}`);
  const answers: { name: string; path: string; sql: string }[] = [];
  for (const name of names) {
    const found = workspace.models.get(name);
    if (!found) continue;
    const { model } = found;
    const compiled = asked === undefined ? placeModel(found, workspace.places) : (workspace.written.get(name) ?? found);
    const civil = parseDay(textOf(call.values, 'day') ?? model.windowing?.start ?? '2000-01-01') ?? 0;
    const at = startOfDay(calendar.timezone, civil);
    const { grain } = model.windowing ?? {};
    const range = grain ? { from: floorTo(grain, at, calendar), until: nextAfter(grain, at, calendar) } : undefined;
    answers.push({ name, path: model.path, sql: compiled.render({ coverageFrom: at, ...(range ? { range } : {}) }) });
  }
  for (const { name, path, sql } of answers) {
    const reads = readsLines(workspace, [name]).map((line) => `-- ${line}\n`);
    call.print(`-- ${name}  ${path}\n${reads.join('')}${sql.trim()};\n`);
  }
  call.answer(answers);
  return 0;
}

/** What is asked for, and the project with its tables where they are read; the warehouse is opened only where it must say. */
async function chosen(call: Call): Promise<{ readonly names: readonly string[]; readonly workspace: Workspace }> {
  const [name] = call.positionals;
  const values =
    name === undefined ? call.values : { ...call.values, select: [...listOf(call.values, 'select'), name] };
  const asked = { ...call, values };
  if (textOf(values, 'defer') === undefined) {
    const workspace = await openSelectable(asked);
    return { names: (await selectWherever(asked, workspace)).map((node) => node.name), workspace };
  }
  await using warehouse = await openWarehouse(asked);
  const names = (await warehouse.selected(values)).map((node) => node.name);
  return { names, workspace: await deferred(asked, warehouse, new Set(names)) };
}

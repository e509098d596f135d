import { floorTo, nextAfter } from '../time/grain.ts';
import { parseDay, startOfDay } from '../time/zone.ts';
import type { Call } from './program.ts';
import { openSelectable, selectionOptions, selectionUsage, textOf } from './selection.ts';
import { selectWherever } from './warehouse-call.ts';

export const usage = `[--select S] [--day D]

Prints the SQL that would be run, model by model. An incremental model's is that of one window.
${selectionUsage}
  --day D        the window that holds this day; without it, the model's first`;
export const options = { ...selectionOptions, day: { type: 'string' } } as const;

export async function run(call: Call): Promise<number> {
  const workspace = await openSelectable(call);
  const { calendar } = workspace.config;
  const answers: { name: string; path: string; sql: string }[] = [];
  for (const { name } of await selectWherever(call, workspace)) {
    const compiled = workspace.models.get(name);
    if (!compiled) continue;
    const { model } = compiled;
    const civil = parseDay(textOf(call.values, 'day') ?? model.windowing?.start ?? '2000-01-01') ?? 0;
    const at = startOfDay(calendar.timezone, civil);
    const { grain } = model.windowing ?? {};
    const range = grain ? { from: floorTo(grain, at, calendar), until: nextAfter(grain, at, calendar) } : undefined;
    answers.push({ name, path: model.path, sql: compiled.render({ coverageFrom: at, ...(range ? { range } : {}) }) });
  }
  for (const { name, path, sql } of answers) call.print(`-- ${name}  ${path}\n${sql.trim()};\n`);
  call.answer(answers);
  return 0;
}

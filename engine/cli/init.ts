import { Fault } from '../fault.ts';
import { writeNewProject } from '../run/new-project.ts';
import type { Call } from './program.ts';

export const usage = `DIR

Writes a small project into a new folder, one that runs as it is: cd DIR, then engine run.`;
export const options = {};
export const positionals = 1;
export const examples = ['init shop'];

export async function run(call: Call): Promise<number> {
  const [folder] = call.positionals;
  if (folder === undefined) throw new Fault('invalid', 'name the folder: engine init DIR');
  const paths = writeNewProject(folder, Intl.DateTimeFormat().resolvedOptions().timeZone);
  for (const path of paths) call.print(path);
  call.print(`\nNext: cd ${folder}, then engine run.`);
  call.answer({ folder, files: paths });
  return 0;
}

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Environment, loadConfig } from '../config/config.ts';
import { Fault, messageOf, showPlace } from '../fault.ts';
import type { Log } from '../log/log.ts';
import { readDags } from '../project/dag.ts';
import { dagPaths } from '../project/project.ts';
import type { Timetable } from './leader.ts';

/**
 * Reads `dags/` and the pools of `project.yml`, and again whenever one of these files has changed. A change that is not
 * right is logged, once, and the timetable from before stays. Throws `Fault` invalid when the first reading is not right.
 */
export function watchTimetable(root: string, environment: Environment, target: string, log: Log): () => Timetable {
  let seen = signature(root);
  let timetable = readTimetable(root, environment, target);
  return () => {
    const now = signature(root);
    if (now === seen) return timetable;
    seen = now;
    try {
      timetable = readTimetable(root, environment, target);
      log.info({ dags: timetable.dags.size }, 'dags read again');
    } catch (error) {
      const problems = error instanceof Fault ? error.problems.map((one) => `${showPlace(one)} ${one.message}`) : [];
      log.error({ problems, error: messageOf(error) }, 'changed dags are not right: going on with those from before');
    }
    return timetable;
  };
}

function readTimetable(root: string, environment: Environment, target: string): Timetable {
  const { pools, calendar } = loadConfig(root, environment, target);
  const { dags, problems } = readDags(root, dagPaths(root));
  if (problems.length > 0) throw new Fault('invalid', 'the dags are not right', { problems });
  return { dags, pools, timezone: calendar.timezone };
}

/** Changes whenever one of the files does. */
function signature(root: string): string {
  return ['project.yml', ...dagPaths(root)]
    .map((path) => {
      const stat = statSync(join(root, path), { throwIfNoEntry: false });
      return `${path} ${stat?.mtimeMs} ${stat?.size}`;
    })
    .join('\n');
}

import type { Dag } from '../project/dag.ts';
import type { OpenTick } from './tick.ts';

/** A dag with everything at its default, for tests. */
export function dagNamed(name: string, said: Partial<Dag> = {}): Dag {
  return {
    name,
    path: `dags/${name}.yml`,
    placeOf: () => ({ line: 1, column: 1 }),
    description: '',
    cron: '0 * * * *',
    timezone: undefined,
    start: undefined,
    select: '*',
    exclude: undefined,
    paused: false,
    catchUp: 1,
    concurrency: 1,
    pools: [],
    dependsOn: [],
    retries: { attempts: 3, backoff: { from: 60_000, until: 900_000 } },
    deadline: undefined,
    onFailure: [],
    ...said,
  };
}

/** A due tick that was never run. */
export function tickOf(dag: string, at: number, said: Partial<OpenTick> = {}): OpenTick {
  return { dag, at, state: 'due', attempts: 0, interruptions: 0, notBefore: 0, lateTold: false, ...said };
}

import type { Entry } from './program.ts';

/** Every command of `engine`; a file each, loaded only when it is called. */
export const commands: Readonly<Record<string, Entry>> = {
  run: { summary: 'builds what is missing or stale', load: () => import('./run.ts') },
  plan: { summary: 'shows what run would do, and why', load: () => import('./plan.ts') },
  ls: { summary: 'shows what a selection selects', load: () => import('./ls.ts') },
  check: { summary: 'names every mistake that the files show', load: () => import('./check.ts') },
  compile: { summary: 'prints the SQL that would be run', load: () => import('./compile.ts') },
  show: { summary: 'shows rows of a model or a query', load: () => import('./show.ts') },
  audit: { summary: 'asks the audits of what is built', load: () => import('./audit.ts') },
  seed: { summary: 'loads the CSV files of models/seeds', load: () => import('./seed.ts') },
  extract: { summary: 'fetches and loads sources', load: () => import('./extract.ts') },
  freshness: { summary: 'shows how old the newest data is', load: () => import('./freshness.ts') },
  lineage: { summary: 'shows what tables and columns are made from', load: () => import('./lineage.ts') },
  diff: {
    summary: 'compares the tables of two targets, or what stood after two runs',
    load: () => import('./diff.ts'),
  },
  retry: { summary: 'does again what failed in a run', load: () => import('./retry.ts') },
  init: { summary: 'writes a new project', load: () => import('./init.ts') },
  test: { summary: 'unit tests of models on made-up rows', load: () => import('./test.ts') },
  runs: { summary: 'shows the history of runs', load: () => import('./runs.ts') },
  scheduler: { summary: 'runs the dags on their schedules', load: () => import('./scheduler.ts') },
  docs: { summary: 'writes a site about the project', load: () => import('./docs.ts') },
  export: { summary: 'writes the dags as files for Airflow', load: () => import('./export.ts') },
  warehouse: { summary: 'starts, stops or shows the embedded PostgreSQL', load: () => import('./warehouse.ts') },
  schema: { summary: 'prints JSON Schemas of the files people write', load: () => import('./schema.ts') },
};

import { expect, test } from 'vitest';
import { buildGraph, type GraphNode } from '../graph/graph.ts';
import { airflowFile, notCarriedOver } from './airflow.ts';
import { airflowTasks, pythonText, templatedText } from './airflow-tasks.ts';
import { dagNamed } from './test-dag.ts';

const node = (name: string, reads: readonly string[], said: Partial<GraphNode> = {}): GraphNode => ({
  name,
  kind: 'model',
  path: `models/${name}.sql`,
  materialized: 'table',
  tags: [],
  reads,
  ...said,
});

const { graph } = buildGraph([
  node('raw.lines', [], { kind: 'source' }),
  node('staging.lines', ['raw.lines'], { materialized: 'ephemeral' }),
  node('staging.other', ['raw.lines']),
  node('kpi.day', ['staging.lines', 'staging.other']),
  node('day', [], { kind: 'dag' }),
]);
const settings = { timezone: 'Asia/Kolkata', threads: 4 };

test('a task for each table, after those that it reads, also through what has no table or no task', () => {
  const selected = graph.nodes.filter(({ name }) => name !== 'staging.other');
  expect(airflowTasks(dagNamed('daily'), selected, graph, 'model')).toEqual([
    { id: 'raw.lines', select: 'source:raw.lines', after: [] },
    { id: 'kpi.day', select: 'kpi.day', after: ['raw.lines'] },
  ]);
});

test('one task for the whole dag has the selection as it is written', () => {
  const dag = dagNamed('daily', { select: '+tag:daily', exclude: 'tag:slow' });
  expect(airflowTasks(dag, [], graph, 'dag')).toEqual([
    { id: 'run', select: '+tag:daily', exclude: 'tag:slow', after: [] },
  ]);
});

test('the file says when, how often and what is tried again', () => {
  const dag = dagNamed('nightly', {
    cron: '45 1 * * *',
    description: 'Sales "by" day',
    start: '2021-09-01',
    catchUp: 3,
    concurrency: 2,
    pools: ['redshift', 'disk'],
    retries: { attempts: 4, backoff: { from: 60_000, until: 900_000 } },
    deadline: 7_200_000,
  });
  const text = airflowFile(dag, airflowTasks(dag, graph.nodes, graph, 'model'), settings);
  for (const line of [
    'schedule=CronDataIntervalTimetable("45 1 * * *", timezone="Asia/Kolkata"),',
    'description="Sales \\"by\\" day",',
    'start_date=pendulum.datetime(2021, 9, 1, tz="Asia/Kolkata"),',
    'catchup=True,',
    'max_active_runs=2,',
    '"retries": 3,',
    '"retry_delay": timedelta(seconds=60),',
    '"max_retry_delay": timedelta(seconds=900),',
    '"pool": "redshift",',
    '"kpi.day": {"select": "kpi.day", "after": ["raw.lines", "staging.other"]},',
  ]) {
    expect(text).toContain(line);
  }
  expect(airflowFile(dag, airflowTasks(dag, graph.nodes, graph, 'model'), settings)).toBe(text);
  expect(notCarriedOver(dag)).toEqual([
    'dags/nightly.yml: Airflow is not told of deadline (use a DeadlineAlert of Airflow)',
    'dags/nightly.yml: Airflow is not told of pools beyond the first, disk',
  ]);
});

test('no text becomes code, a template or the name of a file', () => {
  expect(pythonText('a"b\\c\nd\u0000')).toBe('"a\\"b\\\\c\\nd\\u0000"');
  expect(templatedText('kpi.store_daily')).toBe('kpi.store_daily');
  expect(templatedText('kpi.sh')).toBe('{{ "kpi.sh" }}');
  expect(templatedText('tag:{{ x }}')).toBe('{{ "tag:{{ x }}" }}');
});
